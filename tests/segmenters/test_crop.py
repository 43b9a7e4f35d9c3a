from __future__ import annotations

import pytest

from vcam.images.region import Region
from vcam.segmenters.crop import Crop

SITTING = Region(0.35, 0.2, 0.65, 1.0)
WIDE = 16 / 9


def around(people: Region) -> Crop:
    return Crop.round(people, WIDE)


def shifted(by: float) -> Region:
    return Region(SITTING.left + by, SITTING.top, SITTING.right + by, SITTING.bottom)


def test_room_is_left_round_people_and_ends_at_the_pictures_edge() -> None:
    region = around(SITTING).region
    assert region.left == pytest.approx(0.302)
    assert region.right == pytest.approx(0.698)
    assert region.bottom == 1.0
    assert region.top == pytest.approx(0.12)


def test_small_movements_do_not_move_it() -> None:
    crop = around(SITTING)
    start = crop.region
    for by in (0.01, -0.011, 0.011, -0.01, 0.0):
        assert not crop.follow(shifted(by))
    assert crop.region == start


def test_walking_is_followed_at_once() -> None:
    crop = around(SITTING)
    for step in range(1, 8):
        people = shifted(0.045 * step)
        crop.follow(people)
        assert crop.region.left < people.left
        assert crop.region.right >= min(1.0, people.right)


def test_side_near_the_pictures_edge_lies_on_it() -> None:
    crop = around(SITTING)
    crop.follow(Region(0.05, 0.2, 0.4, 1.0))
    assert crop.region.left == 0.0


def test_it_closes_in_when_people_leave() -> None:
    crop = around(Region(0.1, 0.1, 0.9, 1.0))
    assert crop.follow(SITTING)
    assert crop.region.left == around(SITTING).region.left
    assert crop.region.right == around(SITTING).region.right


@pytest.mark.parametrize("left", [0.0, 0.45, 0.96])
def test_somebody_narrow_is_seen_with_room_beside_them(left: float) -> None:
    crop = around(Region(left, 0.2, left + 0.04, 1.0))
    region = crop.region
    assert (region.right - region.left) * WIDE >= 0.79 * (region.bottom - region.top)
    assert region.left >= 0
    assert region.right <= 1
    assert crop.is_at_side == (left != 0.45)


def test_crop_is_never_wider_than_an_upright_picture() -> None:
    region = Crop.round(Region(0.4, 0.0, 0.6, 1.0), 9 / 16).region
    assert (region.left, region.right) == (0.0, 1.0)
