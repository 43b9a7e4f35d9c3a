from __future__ import annotations

import numpy as np

from vcam.images.region import Region
from vcam.images.types import Mask
from vcam.segmenters.closer import CloserLook

SHAPE = (90, 160)
PEOPLE = Region(0.25, 0.2, 0.75, 1.0)


def somebody() -> Mask:
    """A head over shoulders."""
    mask = np.zeros(SHAPE, np.float32)
    mask[18:45, 65:95] = 1
    mask[45:, 40:120] = 1
    return mask


def refined(mask: Mask, seen: Mask) -> Mask:
    looks: list[Region] = []

    def see(region: Region) -> Mask:
        looks.append(region)
        return seen.copy()

    result = mask.copy()
    CloserLook().refine(result, PEOPLE, 16 / 9, see)
    assert len(looks) == 1
    assert looks[0].top < 0.2
    assert looks[0].bottom < 0.7
    return result


def test_a_scrap_beside_the_head_that_is_not_seen_again_goes() -> None:
    mask = somebody()
    mask[22:34, 95:100] = 1
    result = refined(mask, somebody())
    assert result[22:34, 95:100].max() == 0
    assert np.array_equal(result, somebody())


def test_a_scalp_that_is_not_seen_again_stays() -> None:
    seen = somebody()
    seen[18:30, 65:95] = 0
    assert np.array_equal(refined(somebody(), seen)[18:30], somebody()[18:30])


def test_what_is_below_is_left_as_it_is() -> None:
    seen = somebody()
    seen[55:] = 0
    assert np.array_equal(refined(somebody(), seen)[57:], somebody()[57:])


def test_a_look_that_sees_nobody_takes_nobody_away() -> None:
    assert np.array_equal(refined(somebody(), np.zeros(SHAPE, np.float32)), somebody())


def test_nothing_that_the_mask_has_not_is_added() -> None:
    seen = somebody()
    seen[18:30, 50:65] = 1
    assert np.array_equal(refined(somebody(), seen) > 0, somebody() > 0)


def test_an_upper_half_without_anybody_is_not_looked_at() -> None:
    mask = np.zeros(SHAPE, np.float32)
    CloserLook().refine(mask, PEOPLE, 16 / 9, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert not mask.any()
