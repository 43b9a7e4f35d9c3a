from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.checks import magenta, wait_until_right
from tests.devices.footage import Clip, clip
from tests.devices.harness import Vcam, filming, output_node, wait_for
from tests.devices.readers import Tap
from vcam.images.types import I420

pytestmark = pytest.mark.device

AFTERWARDS = 30
"""Frames to look at after the first one with the person."""


def pixels_of_the_room(frame: I420, film: Clip) -> int:
    """How many pixels show the wall, the person's outline left out."""
    picture = frame.to_bgr()
    return int((magenta(picture) & film.room.all(0)).sum())


def test_the_wall_is_recognised_where_it_is_shown() -> None:
    film = clip("portrait-magenta")
    frame = I420.from_bgr(film.picture(0))
    assert pixels_of_the_room(frame, film) == film.room.all(0).sum()


def test_no_frame_shows_the_room_from_the_first_one_on(tmp_path: Path) -> None:
    film = clip("portrait-magenta")
    with filming(film) as shown, Tap(output_node()) as tap, Vcam(tmp_path, shown) as vcam:
        wait_until_right(vcam, tap.picture, film)
        enough = len(tap.frames) + AFTERWARDS
        wait_for(lambda: len(tap.frames) >= enough, f"{AFTERWARDS} more frames")
        vcam.stop()
        leaks = {
            number: pixels
            for number, frame in enumerate(tap.frames)
            if (pixels := pixels_of_the_room(frame, film))
        }
    assert leaks == {}
