from __future__ import annotations

import numpy as np

from tests.finish.layers import H, W, layer
from vcam.finish.despill import remove_spill
from vcam.images.types import I420
from vcam.segmenters.base import Spill

GREEN = I420.from_bgr(np.full((2, 2, 3), (64, 177, 0), np.uint8))
SPILL = Spill(float(GREEN.u[0, 0]) - 128, float(GREEN.v[0, 0]) - 128, 1.0)


def cleaned(color: tuple[int, int, int], spill: Spill = SPILL) -> tuple[int, ...]:
    """Blue, green and red of a person of one colour, afterwards."""
    there = I420.from_bgr(np.full((2, 2, 3), color, np.uint8))
    person = layer(int(there.y[0, 0]), int(there.u[0, 0]), int(there.v[0, 0]))
    remove_spill(person, spill)
    out = I420(W, H)
    for plane, part in zip(out.planes, person.planes, strict=True):
        plane[:] = part
    return tuple(int(level) for level in out.to_bgr()[8, 8])


def test_the_sheet_s_light_on_grey_hair_is_taken_out() -> None:
    blue, green, red = cleaned((100, 118, 96))
    assert max(blue, green, red) - min(blue, green, red) <= 8


def test_skin_stays_as_it_is() -> None:
    assert np.abs(np.subtract(cleaned((110, 140, 200)), (110, 140, 200))).max() <= 4


def test_a_green_of_their_own_stays_green() -> None:
    assert np.abs(np.subtract(cleaned((60, 170, 20)), (60, 170, 20))).max() <= 6


def test_half_of_it_is_taken_at_half_strength() -> None:
    green = [cleaned((100, 118, 96), SPILL._replace(strength=s))[1] for s in (0.0, 0.5, 1.0)]
    assert green[0] > green[1] > green[2]
