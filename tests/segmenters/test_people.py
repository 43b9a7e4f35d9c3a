from __future__ import annotations

import numpy as np
import pytest

from vcam.images.region import Region
from vcam.images.types import Mask
from vcam.segmenters.people import find_people


def empty() -> Mask:
    return np.zeros((180, 320), np.float32)


def test_people_apart_from_each_other_have_a_region_each() -> None:
    mask = empty()
    mask[40:180, 40:100] = 0.9
    mask[60:180, 200:260] = 0.7
    found = find_people(mask)
    assert found is not None
    assert found.regions == [
        Region(40 / 320, 40 / 180, 100 / 320, 1),
        Region(200 / 320, 60 / 180, 260 / 320, 1),
    ]
    assert found.region == Region(40 / 320, 40 / 180, 260 / 320, 1)
    assert found.around[100, 60] == found.around[100, 230] == 1
    assert found.around[100, 150] == 0


def test_people_shoulder_to_shoulder_are_told_by_their_heads() -> None:
    mask = empty()
    mask[100:180, 20:300] = 1
    for head in (50, 140, 240):
        mask[60:110, head : head + 30] = 1
    found = find_people(mask)
    assert found is not None
    assert len(found.regions) == 3
    for region, head in zip(found.regions, (50, 140, 240), strict=True):
        assert region.left * 320 < head < head + 30 < region.right * 320


def test_one_person_with_a_raised_hand_is_one() -> None:
    mask = empty()
    mask[100:180, 100:200] = 1
    mask[40:110, 130:165] = 1
    mask[60:110, 190:200] = 1
    found = find_people(mask)
    assert found is not None
    assert len(found.regions) == 1


def test_scrap_beside_a_person_is_not_kept() -> None:
    mask = empty()
    mask[40:180, 40:100] = 0.9
    mask[20:30, 250:262] = 0.9
    found = find_people(mask)
    assert found is not None
    assert found.around[25, 256] == 0
    assert found.region.right == 100 / 320


def test_part_too_small_for_a_person_is_looked_at_with_who_is_nearest() -> None:
    mask = empty()
    mask[40:180, 40:100] = 0.9
    mask[100:130, 190:220] = 0.9
    found = find_people(mask)
    assert found is not None
    assert found.regions == [Region(40 / 320, 40 / 180, 220 / 320, 1)]


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_nobody_is_found_in_an_unsure_mask(value: float) -> None:
    assert find_people(np.full((180, 320), value, np.float32)) is None


def test_regions_join() -> None:
    one, two = Region(0.1, 0.2, 0.4, 0.5), Region(0.3, 0.1, 0.9, 0.4)
    assert one.joined(two) == Region(0.1, 0.1, 0.9, 0.5)
    assert one.joined(None) is one


def test_shares_of_regions() -> None:
    one, two = Region(0, 0, 0.5, 1), Region(0.25, 0, 0.75, 1)
    assert one.covers(two) == pytest.approx(0.5)
    assert one.shares(two) == pytest.approx(1 / 3)
    assert one.shares(Region(0.6, 0, 1, 1)) == 0
    assert one.widened(0.5) == Region(0, 0, 0.75, 1)
