from __future__ import annotations

import numpy as np
import pytest

from tests.realtime.bridge_run import (
    BACKGROUND,
    COVER,
    PERSON,
    ROOM,
    H,
    Run,
    W,
    shows_person,
)
from vcam.errors import SegmenterError
from vcam.framing import Framing
from vcam.images.types import Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.tap import PARTS, Look
from vcam.segmenters.fake import Answer, FakeSegmenter

pytestmark = pytest.mark.usefixtures("busy_machine")


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


@pytest.mark.parametrize(
    "answer",
    [None, SegmenterError("out of order"), RuntimeError("unforeseen"), np.ones((2, 2, 2))],
    ids=["learning", "fails", "crashes", "no-mask"],
)
def test_look_shows_no_room_while_viewers_see_the_background_alone(answer: Answer) -> None:
    """The camera gives pictures all the while, and each of them is looked at."""
    looks: list[Look] = []

    def make() -> Pipeline:
        segmenter = FakeSegmenter(lambda image: answer_once(answer))
        return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)

    def until(run: Run) -> bool:
        looks.append(run.bridge.look(PARTS, looks[-1].number if looks else 0))
        return sum(bool(look.captured) for look in looks) == 5

    run = Run(make=make, until=until).run()
    assert all(np.array_equal(frame, COVER.data) for frame in run.sink.frames)
    for look in looks:
        assert (look.room, look.alpha, look.mask, look.behind) == (None, None, None, None)
        assert look.seen is not None
        assert np.array_equal(look.seen.data, COVER.data)


def answer_once(answer: Answer) -> Mask | None:
    if isinstance(answer, Exception):
        raise answer
    return answer


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
