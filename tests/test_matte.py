from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from vcam.errors import SegmenterError
from vcam.frames import Alpha, Mask
from vcam.matte import Matte


def flat(value: float) -> Mask:
    return np.full((9, 16), value, np.float32)


def level(alpha: Alpha) -> int:
    assert len(np.unique(alpha)) == 1
    return int(alpha[0, 0])


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("softness", [0.3, 1.0])
def test_threshold_is_half_visible_and_the_ends_are_reached(
    threshold: float, softness: float
) -> None:
    matte = Matte(threshold, softness)
    assert abs(level(matte.refine(flat(threshold), 64, 36)) - 128) <= 4
    assert level(matte.refine(flat(0.0), 64, 36)) == 0
    assert level(matte.refine(flat(1.0), 64, 36)) == 255


def test_softness_one_leaves_the_mask_as_it_is() -> None:
    for value in (0.1, 0.4, 0.9):
        assert abs(level(Matte(0.5, 1.0).refine(flat(value), 64, 36)) - 255 * value) <= 1


def test_no_softness_gives_a_hard_edge() -> None:
    matte = Matte(0.5, 0.0)
    assert level(matte.refine(flat(0.49), 64, 36)) == 0
    assert level(matte.refine(flat(0.51), 64, 36)) == 255


@pytest.mark.parametrize("size", [(64, 36), (65, 37), (1, 1)])
def test_alpha_has_the_frames_size(size: tuple[int, int]) -> None:
    alpha = Matte().refine(flat(0.5), *size)
    assert alpha.shape == size[::-1]
    assert alpha.dtype == np.uint8


def test_edge_stays_where_the_mask_has_it() -> None:
    mask = np.zeros((36, 64), np.float32)
    mask[:, 32:] = 1
    alpha = Matte().refine(mask, 640, 360)
    crossing = np.abs(alpha.astype(int) - 128).argmin(axis=1)
    assert np.abs(crossing - 320).max() <= 5


@pytest.mark.parametrize(
    "nonsense",
    [
        np.full((9, 16), np.nan, np.float32),
        np.full((9, 16), np.inf, np.float32),
        np.full((9, 16), 2.0, np.float32),
        np.full((9, 16), -1.0, np.float32),
        np.zeros((9, 16, 1), np.float32),
        np.zeros((0, 0), np.float32),
        np.zeros((9, 16), np.float64),
    ],
)
def test_mask_that_is_none_is_refused(nonsense: npt.NDArray[np.float32]) -> None:
    with pytest.raises(SegmenterError, match="the segmenter gave"):
        Matte().refine(nonsense, 64, 36)
