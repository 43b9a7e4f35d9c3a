from __future__ import annotations

import numpy as np
import pytest

from tests.preview.feeds import BLUE, ROOM, H, W, look
from vcam.images.types import Image
from vcam.preview.modes import Mode, picture_of, side_by_side
from vcam.realtime.tap import Look

GREEN = (64, 177, 0)


def near(picture: Image, where: tuple[int, int], color: object) -> bool:
    return bool(np.abs(picture[where].astype(int) - np.array(color, int)).max() < 8)


def test_modes_go_round() -> None:
    mode, seen = Mode.SEEN, []
    for _ in range(4):
        mode = mode.following
        seen.append(mode)
    assert seen == [Mode.ORIGINAL, Mode.MASK, Mode.CUTOUT, Mode.SEEN]


LEFT, RIGHT = (5, 5), (5, W - 5)


@pytest.mark.parametrize(
    ("mode", "refined", "left", "right"),
    [
        (Mode.ORIGINAL, True, ROOM[0, 0], ROOM[0, 0]),
        (Mode.MASK, True, (0, 0, 0), (255, 255, 255)),
        (Mode.MASK, False, (255, 255, 255), (255, 255, 255)),
        (Mode.CUTOUT, True, GREEN, ROOM[0, 0]),
        (Mode.CUTOUT, False, ROOM[0, 0], ROOM[0, 0]),
        (Mode.SEEN, True, BLUE[0, 0], ROOM[0, 0]),
        (Mode.SEEN, False, ROOM[0, 0], ROOM[0, 0]),
    ],
)
def test_what_each_mode_shows(mode: Mode, refined: bool, left: object, right: object) -> None:
    picture = picture_of(look(), mode, refined)
    assert picture.shape == (H, W, 3)
    assert near(picture, LEFT, left)
    assert near(picture, RIGHT, right)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("refined", [True, False])
def test_while_viewers_see_the_cover_no_mode_shows_the_room(mode: Mode, refined: bool) -> None:
    covered = Look(1, seen=look().behind)
    picture = picture_of(covered, mode, refined)
    expected = {Mode.ORIGINAL: (40, 40, 40), Mode.MASK: (0, 0, 0), Mode.CUTOUT: GREEN}
    assert near(picture, RIGHT, expected.get(mode, BLUE[0, 0]))


@pytest.mark.parametrize("mode", list(Mode))
def test_the_parts_of_a_mode_are_enough(mode: Mode) -> None:
    whole = look()
    for compare in (False, True):
        parts = {part: getattr(whole, part) for part in mode.parts(compare)}
        some = Look(1, 1.0, **parts)
        for refined in {True, not compare}:
            assert np.array_equal(picture_of(some, mode, refined), picture_of(whole, mode, refined))


def test_what_viewers_see_needs_no_camera_picture() -> None:
    assert Mode.SEEN.parts(compare=False) == {"seen"}


def test_side_by_side_keeps_both() -> None:
    both = side_by_side(BLUE, ROOM)
    assert both.shape == (H, 2 * W + 2, 3)
    assert near(both, LEFT, BLUE[0, 0])
    assert near(both, (5, -5), ROOM[0, 0])


def test_pictures_are_the_viewers_own() -> None:
    shown = look()
    for mode in Mode:
        picture = picture_of(shown, mode)
        picture[:] = 0
    assert shown.room is not None
    assert np.array_equal(shown.room, ROOM)
