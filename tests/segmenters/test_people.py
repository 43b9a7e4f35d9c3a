from __future__ import annotations

import numpy as np
import pytest

from vcam.images.types import Mask
from vcam.segmenters.people import Region, find_people


def empty() -> Mask:
    return np.zeros((180, 320), np.float32)


def test_several_people_are_held_by_one_region() -> None:
    mask = empty()
    mask[40:180, 40:100] = 0.9
    mask[60:180, 200:260] = 0.7
    found = find_people(mask)
    assert found is not None
    around, region = found
    assert region == Region(40 / 320, 40 / 180, 260 / 320, 1)
    assert around[100, 60] == around[100, 230] == 1
    assert around[100, 150] == 0


def test_scrap_beside_a_person_is_not_kept() -> None:
    mask = empty()
    mask[40:180, 40:100] = 0.9
    mask[20:30, 250:262] = 0.9
    found = find_people(mask)
    assert found is not None
    assert found[0][25, 256] == 0
    assert found[1].right == 100 / 320


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_nobody_is_found_in_an_unsure_mask(value: float) -> None:
    assert find_people(np.full((180, 320), value, np.float32)) is None


def test_regions_join() -> None:
    one, two = Region(0.1, 0.2, 0.4, 0.5), Region(0.3, 0.1, 0.9, 0.4)
    assert one.joined(two) == Region(0.1, 0.1, 0.9, 0.5)
    assert one.joined(None) is one
