from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from vcam.errors import SegmenterError
from vcam.images.pyramid import Pyramid
from vcam.images.types import Alpha, Mask
from vcam.matte import Matte

pytestmark = pytest.mark.usefixtures("both_halves")


def blank(width: int, height: int) -> Pyramid:
    """A picture without edges."""
    return Pyramid(np.zeros((height, width, 3), np.uint8))


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
    assert abs(level(matte.refine(flat(threshold), blank(64, 36)).alpha) - 128) <= 4
    assert level(matte.refine(flat(0.0), blank(64, 36)).alpha) == 0
    assert level(matte.refine(flat(1.0), blank(64, 36)).alpha) == 255


def test_softness_one_leaves_the_mask_as_it_is() -> None:
    for value in (0.1, 0.4, 0.9):
        assert (
            abs(level(Matte(0.5, 1.0).refine(flat(value), blank(64, 36)).alpha) - 255 * value) <= 1
        )


def test_no_softness_gives_a_hard_edge() -> None:
    matte = Matte(0.5, 0.0)
    assert level(matte.refine(flat(0.49), blank(64, 36)).alpha) == 0
    assert level(matte.refine(flat(0.51), blank(64, 36)).alpha) == 255


@pytest.mark.parametrize("size", [(64, 36), (65, 37), (1, 1)])
def test_alpha_has_the_frames_size(size: tuple[int, int]) -> None:
    alpha = Matte().refine(flat(0.5), blank(*size)).alpha
    assert alpha.shape == size[::-1]
    assert alpha.dtype == np.uint8


def test_edge_stays_where_the_mask_has_it() -> None:
    mask = np.zeros((36, 64), np.float32)
    mask[:, 32:] = 1
    alpha = Matte().refine(mask, blank(640, 360)).alpha
    crossing = np.abs(alpha.astype(int) - 128).argmin(axis=1)
    assert np.abs(crossing - 320).max() <= 5


@pytest.mark.parametrize("size", [(640, 360), (641, 361), (800, 450), (1283, 721), (721, 1283)])
def test_box_holds_all_of_the_person_and_nothing_stays_from_earlier(size: tuple[int, int]) -> None:
    matte = Matte()
    for x in (0, 10, 40, 63):
        mask = np.zeros((36, 64), np.float32)
        mask[20:, x:] = 1
        cutout = matte.refine(mask, blank(*size))
        assert cutout.box is not None
        box = cutout.box
        assert box.x % 2 == box.y % 2 == 0
        assert box.width % 2 == 0 or box.x + box.width == size[0]
        assert box.height % 2 == 0 or box.y + box.height == size[1]
        outside = cutout.alpha.copy()
        outside[cutout.box.area] = 0
        assert outside.max() == 0
        assert cutout.alpha[-1, -1] == 255
    nobody = matte.refine(np.zeros((36, 64), np.float32), blank(*size))
    assert nobody.box is None
    assert nobody.alpha.max() == 0


def test_part_that_is_worked_on_does_not_change_the_alpha() -> None:
    rng = np.random.default_rng(4)
    mask = np.asarray(cv2.GaussianBlur(rng.random((36, 64), np.float32), (0, 0), 2), np.float32)
    mask = np.asarray(np.clip((mask - 0.4) * 5, 0, 1), np.float32)
    lonely = np.zeros_like(mask)
    lonely[10:30, 12:50] = mask[10:30, 12:50]
    crowded = lonely.copy()
    crowded[0, 0] = crowded[-1, -1] = 1  # now the box is the whole frame
    one = Matte().refine(lonely, blank(640, 360)).alpha[60:340, 80:540]
    two = Matte().refine(crowded, blank(640, 360)).alpha[60:340, 80:540]
    assert np.array_equal(one, two)


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
        Matte().refine(nonsense, blank(64, 36))


def test_edge_follows_the_picture_where_it_is_asked_to() -> None:
    image = np.full((360, 640, 3), (40, 120, 60), np.uint8)
    image[:, :325] = (180, 150, 220)
    mask = np.zeros((180, 320), np.float32)
    mask[:, :160] = 1
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 3), np.float32)
    alpha = Matte(edges="picture").refine(soft, Pyramid(image)).alpha
    assert np.abs((alpha > 127).sum(axis=1) - 325).max() <= 2
    assert alpha[:, :300].min() == 255
    assert alpha[:, 360:].max() == 0


def test_choke_makes_narrower_and_wider() -> None:
    mask = np.zeros((90, 160), np.float32)
    mask[:, :80] = 1
    widths = {
        choke: int((Matte(choke=choke).refine(mask, blank(1280, 720)).alpha[100] > 127).sum())
        for choke in (-8, 0, 8)
    }
    assert abs(widths[0] - widths[8] - 8) <= 2
    assert abs(widths[-8] - widths[0] - 8) <= 2


def test_feather_widens_the_slope_and_leaves_the_edge() -> None:
    mask = np.zeros((90, 160), np.float32)
    mask[:, :80] = 1
    hard = Matte().refine(mask, blank(1280, 720)).alpha[100].copy()
    soft = Matte(feather=12).refine(mask, blank(1280, 720)).alpha[100]
    between = [int(((row > 5) & (row < 250)).sum()) for row in (hard, soft)]
    assert between[1] > between[0] + 20
    assert abs(int((soft > 127).sum()) - int((hard > 127).sum())) <= 2


@pytest.mark.parametrize(("width", "height"), [(1300, 1), (1, 1300), (1, 1), (3, 2), (641, 361)])
def test_person_fills_pictures_of_any_size(width: int, height: int) -> None:
    alpha = Matte(edges="picture").refine(np.ones((9, 16), np.float32), blank(width, height)).alpha
    assert alpha.shape == (height, width)
    assert alpha.min() == 255


def test_smoothing_starts_anew_where_no_motion_is_known() -> None:
    matte = Matte(smoothing=0.9)
    matte.refine(np.full((180, 320), 0.7, np.float32), blank(1280, 720))
    after = matte.refine(np.full((180, 320), 0.1, np.float32), blank(640, 360))
    assert after.alpha.max() == 0


def test_a_feather_too_small_to_be_seen_is_none() -> None:
    mask = np.zeros((90, 160), np.float32)
    mask[:, :80] = 1
    bare = Matte().refine(mask, blank(1280, 720)).alpha.copy()
    for feather in (5e-324, 1e-300, 1e-9, 0.01):
        assert np.array_equal(Matte(feather=feather).refine(mask, blank(1280, 720)).alpha, bare)
