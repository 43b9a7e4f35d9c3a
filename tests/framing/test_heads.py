from __future__ import annotations

import numpy as np
import pytest

from tests.framing.people import H, W, nobody, person, with_arm
from vcam.framing.heads import Bust, find_busts
from vcam.images.types import Alpha


def only(alpha: Alpha) -> Bust:
    busts = find_busts(alpha)
    assert len(busts) == 1
    return busts[0]


@pytest.mark.parametrize(("x", "top", "shoulders"), [(0.5, 0.4, 70), (0.25, 0.5, 50)])
def test_head_and_shoulders_are_where_they_are_drawn(
    x: float, top: float, shoulders: float
) -> None:
    bust = only(person(x, top, shoulders))
    assert bust.x == pytest.approx(x, abs=0.01)
    assert bust.top == pytest.approx(top, abs=0.03)
    assert 0.8 * shoulders < (bust.bottom - bust.top) * H < 1.5 * shoulders
    assert 0.6 * shoulders < (bust.right - bust.left) * W < 1.05 * shoulders
    assert 0.15 * shoulders < bust.head * W < 0.25 * shoulders


def test_raised_arm_hardly_moves_the_middle() -> None:
    still = only(person())
    for swing in (-1.0, 0.0, 1.0):
        waving = only(with_arm(person(), 0.5, swing))
        assert abs(waving.x - still.x) * W < 0.12 * 70
        assert abs(waving.top - still.top) * H < 0.12 * 70


def test_everybody_is_found_but_neither_a_hand_nor_a_speck() -> None:
    two = person(0.75, 0.45, 60, person(0.25, 0.4, 70))
    assert len(find_busts(two)) == 2
    hand = person(0.3)
    hand[60:85, 250:270] = 255
    assert len(find_busts(hand)) == 1
    speck = nobody()
    speck[50:55, 50:60] = 255
    assert not find_busts(speck)
    assert not find_busts(nobody())


def test_any_alpha_can_be_measured() -> None:
    for alpha in (np.full((H, W), 255, np.uint8), np.full((1, 1), 255, np.uint8)):
        bust = only(alpha)
        assert 0 <= bust.left <= bust.x <= bust.right <= 1
        assert 0 <= bust.top < bust.bottom
    noise = np.random.default_rng(1).integers(0, 256, (90, 50), np.uint8)
    find_busts(noise)
