from __future__ import annotations

import pytest

from vcam.segmenters.crop import Crop
from vcam.segmenters.people import Region

SITTING = Region(0.35, 0.2, 0.65, 1.0)


def shifted(by: float) -> Region:
    return Region(SITTING.left + by, SITTING.top, SITTING.right + by, SITTING.bottom)


def test_room_is_left_round_people_and_ends_at_the_pictures_edge() -> None:
    region = Crop.round(SITTING).region
    assert region.left == pytest.approx(0.305)
    assert region.right == pytest.approx(0.695)
    assert region.bottom == 1.0
    assert region.top == pytest.approx(0.08)


def test_small_movements_do_not_move_it() -> None:
    crop = Crop.round(SITTING)
    start = crop.region
    for by in (0.01, -0.015, 0.017, -0.01, 0.0):
        assert not crop.follow(shifted(by))
    assert crop.region == start


def test_walking_is_followed_at_once() -> None:
    crop = Crop.round(SITTING)
    for step in range(1, 8):
        people = shifted(0.045 * step)
        crop.follow(people)
        assert crop.region.left < people.left
        assert crop.region.right >= min(1.0, people.right)


def test_side_near_the_pictures_edge_lies_on_it() -> None:
    crop = Crop.round(SITTING)
    crop.follow(Region(0.05, 0.2, 0.4, 1.0))
    assert crop.region.left == 0.0


def test_it_closes_in_when_people_leave() -> None:
    crop = Crop.round(Region(0.1, 0.1, 0.9, 1.0))
    assert crop.follow(SITTING)
    assert crop.region.left == Crop.round(SITTING).region.left
    assert crop.region.right == Crop.round(SITTING).region.right
