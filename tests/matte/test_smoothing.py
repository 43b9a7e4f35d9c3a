from __future__ import annotations

import numpy as np
import pytest

from vcam.images.types import Mask
from vcam.matte.smoothing import Smoothing

STILL = np.zeros((9, 16), np.float32)
MOVES = np.ones((9, 16), np.float32)


def flat(value: float) -> Mask:
    return np.full((9, 16), value, np.float32)


def test_flicker_is_damped_where_nothing_moves() -> None:
    smoothing = Smoothing(0.7)
    shown = [float(smoothing.apply(flat(0.5 + 0.1 * (-1) ** i), STILL)[0, 0]) for i in range(30)]
    assert np.ptp(shown[10:]) < 0.08


def test_what_moves_is_shown_at_once() -> None:
    smoothing = Smoothing(0.9)
    smoothing.apply(flat(0.0), STILL)
    assert smoothing.apply(flat(1.0), MOVES)[0, 0] == 1


def test_mask_that_changes_altogether_does_not_trail() -> None:
    smoothing = Smoothing(0.7)
    smoothing.apply(flat(1.0), STILL)
    assert smoothing.apply(flat(0.0), STILL)[0, 0] < 0.02


def test_small_change_arrives_in_the_end() -> None:
    smoothing = Smoothing(0.7)
    smoothing.apply(flat(0.4), STILL)
    for _ in range(20):
        shown = smoothing.apply(flat(0.6), STILL)
    assert abs(shown[0, 0] - 0.6) < 0.01


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_small_change_arrives_as_soon_at_every_rate(fps: int) -> None:
    smoothing = Smoothing(0.9)
    smoothing.apply(flat(0.4), STILL, 0.0)
    for number in range(1, 1 + fps // 5):
        shown = smoothing.apply(flat(0.6), STILL, number / fps)
    assert shown[0, 0] == pytest.approx(0.6 - 0.2 * 0.9**6, abs=0.001)


def test_nothing_stays_for_ever_at_full_strength() -> None:
    smoothing = Smoothing(1)
    smoothing.apply(flat(0.29), STILL)
    for _ in range(30):
        shown = smoothing.apply(flat(0.0), STILL)
    assert shown[0, 0] < 0.02


def test_none_and_reset_and_another_size_start_anew() -> None:
    mask = flat(0.3)
    assert Smoothing(0).apply(mask, STILL) is mask
    smoothing = Smoothing(0.7)
    smoothing.apply(flat(0.0), STILL)
    assert smoothing.apply(np.ones((4, 4), np.float32), STILL[:4, :4])[0, 0] == 1
    smoothing.reset()
    assert smoothing.apply(np.zeros((4, 4), np.float32), STILL[:4, :4])[0, 0] == 0
