from __future__ import annotations

import numpy as np

from tests.segmenters.rooms import ROOM, seen, with_box
from vcam.segmenters import coarse


def test_share_counts_what_is_set_in_a_cell() -> None:
    plane = np.zeros((72, 128), np.uint8)
    plane[0, :2] = plane[1, 0] = 1
    assert coarse.share(plane, 0.5)[0, 0] == 1
    assert coarse.share(plane, 0.9).sum() == 0


def test_enlarging_undoes_shrinking() -> None:
    rough = coarse.shrunk(ROOM)
    assert rough.shape == (36, 64, 3)
    assert np.array_equal(coarse.shrunk(coarse.enlarged(rough, 256, 144)), rough)


def test_the_largest_of_the_channels_counts() -> None:
    one = np.full((2, 2, 3), (10, 20, 30), np.uint8)
    other = np.full((2, 2, 3), (12, 90, 0), np.uint8)
    assert (coarse.difference(one, other) == 70).all()
    assert coarse.contrast(np.array([[[1, 2, 3], [9, 7, 90]]], np.uint8)).max() == 87


def test_stillness_is_told_of_what_has_not_moved_for_so_long() -> None:
    stillness = coarse.Stillness(1.0)
    for frame in range(60):
        picture = with_box(ROOM, 40 + frame // 2, 40, 30, 30)
        still = stillness.look(coarse.shrunk(seen(picture)), frame / 30)
        if frame < 30:
            assert not still.any()
    assert still[25:].mean() > 0.95
    assert not still[12:16, 22:24].any()
