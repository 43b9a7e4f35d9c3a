from __future__ import annotations

import numpy as np
import pytest

from vcam.images.types import Image, Plane
from vcam.segmenters import coarse
from vcam.segmenters.attached import AttachedObjects

WALL, SKIN = (170, 180, 185), (90, 120, 190)
PERSON = (slice(10, 36), slice(24, 40))


def scene(*things: tuple[slice, slice]) -> tuple[Image, Plane]:
    """A picture with things in the person's colours, and where it differs from the room."""
    picture = np.full((*coarse.SHAPE, 3), WALL, np.uint8)
    picture[PERSON] = SKIN
    differs = np.zeros(coarse.SHAPE, np.uint8)
    differs[PERSON] = 1
    for thing in things:
        picture[thing], differs[thing] = SKIN, 1
    return picture, differs


def found(*pictures: tuple[Image, Plane]) -> Plane:
    """What is found in the last of some pictures."""
    mask = np.zeros(coarse.SHAPE, np.uint8)
    mask[PERSON] = 255
    room = np.full((*coarse.SHAPE, 3), WALL, np.uint8)
    objects = AttachedObjects()
    for number, (picture, differs) in enumerate(pictures):
        result = objects.find(picture, room, mask, differs, number / 30)
    return result


def hand(top: int) -> tuple[slice, slice]:
    return slice(top, 36), slice(46, 52)


def test_a_hand_that_comes_in_over_the_lower_border_is_theirs() -> None:
    assert found(scene(hand(30)))[32:, 47:51].all()


def test_a_hand_goes_on_being_theirs_as_it_rises() -> None:
    assert found(*(scene(hand(top)) for top in range(30, 14, -1)))[18:, 47:51].all()


def test_what_stands_from_the_floor_to_their_shoulder_at_once_is_a_door() -> None:
    assert not found(scene(hand(12))).any()


@pytest.mark.parametrize("size", [14, 30])
def test_while_more_changes_elsewhere_nothing_is_a_new_hand(size: int) -> None:
    door = (slice(0, size), slice(46, 58))
    assert not found(scene(hand(31), door)).any()


def test_while_more_changes_elsewhere_a_hand_that_was_there_stays() -> None:
    door = (slice(0, 14), slice(50, 62))
    assert found(scene(hand(30)), scene(hand(29)), scene(hand(28), door))[31:, 47:51].all()
