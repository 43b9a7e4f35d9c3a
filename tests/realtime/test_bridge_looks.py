from __future__ import annotations

import numpy as np
import pytest

from tests.realtime.bridge_run import COVER, PERSON, ROOM, Run, shows_person
from vcam.realtime.tap import PARTS, Look

pytestmark = pytest.mark.usefixtures("quick_retries")


def test_look_shows_what_viewers_see_and_the_room_it_is_made_of() -> None:
    looks: list[Look] = []

    def until(run: Run) -> bool:
        looks.append(run.bridge.look(PARTS, 0))
        return looks[-1].room is not None and shows_person(run)

    Run(until=until).run()
    seen, room = looks[-1].seen, looks[-1].room
    assert seen is not None
    assert np.array_equal(seen.data, PERSON)
    assert room is not None
    assert np.array_equal(room, ROOM)


def test_look_shows_the_cover_and_no_room_from_the_pause_on() -> None:
    """Also nothing that was captured before it: the shutter is closed for everybody."""
    looks: list[Look] = []

    def until(run: Run) -> bool:
        look = run.bridge.look(PARTS, 0)
        if not run.bridge._paused:
            if look.room is not None:
                run.bridge.pause()
            return False
        looks.append(look)
        return len(looks) == 5

    Run(until=until).run()
    for look in looks:
        assert look.seen is not None
        assert np.array_equal(look.seen.data, COVER.data)
        assert (look.room, look.alpha, look.mask) == (None, None, None)


def test_who_looks_turns_the_camera_on() -> None:
    def until(run: Run) -> bool:
        return run.bridge.look(["room"], 0).room is not None

    assert Run(watched=lambda seconds: False, until=until).run().bridge.is_looked_at
