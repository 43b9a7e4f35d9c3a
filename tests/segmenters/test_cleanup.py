from __future__ import annotations

import numpy as np

from vcam.segmenters.cleanup import Cleanup, fill_holes


def test_cleanup_removes_specks_fills_holes_and_grows() -> None:
    mask = np.zeros((60, 60), np.uint8)
    mask[5, 5] = 255
    mask[20:50, 20:50] = 255
    mask[34:36, 34:36] = 0
    Cleanup(size=5, open=1, close=1, grow=0).apply(mask)
    assert mask[5, 5] == 0
    assert mask[34, 34] == 255
    before = np.count_nonzero(mask)
    Cleanup(size=3, open=0, close=0, grow=2).apply(mask)
    grown = np.count_nonzero(mask)
    Cleanup(size=3, open=0, close=0, grow=-3).apply(mask)
    assert np.count_nonzero(mask) < before < grown


def test_only_small_holes_are_filled() -> None:
    mask = np.full((100, 100), 255, np.uint8)
    mask[10:20, 10:20] = 0
    mask[40:80, 40:80] = 0
    fill_holes(mask, 300)
    assert mask[15, 15] == 255
    assert mask[60, 60] == 0
    fill_holes(np.zeros((4, 4), np.uint8), 300)
