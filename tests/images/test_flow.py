from __future__ import annotations

import cv2
import numpy as np
import pytest

from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask

_NOISE = np.random.default_rng(3)
_BACK = cv2.GaussianBlur(_NOISE.integers(0, 256, (360, 640, 3), np.uint8), (0, 0), 5)
_THING = cv2.GaussianBlur(_NOISE.integers(0, 256, (120, 120, 3), np.uint8), (0, 0), 4)


def scene(x: int | None, brighter: int = 0) -> Image:
    image = np.asarray(cv2.convertScaleAbs(_BACK, alpha=0.5, beta=20), np.uint8)
    if x is not None:
        image[100:220, x : x + 120] = cv2.convertScaleAbs(_THING, alpha=1, beta=60)
    return np.asarray(cv2.add(image, (brighter,) * 3 + (0,)), np.uint8)


def mask_of(x: int) -> Mask:
    mask = np.zeros((180, 320), np.float32)
    mask[50:110, x // 2 : x // 2 + 60] = 1
    return mask


def gone_on(*images: Image) -> Pyramid:
    pyramid = Pyramid()
    for image in images:
        pyramid.load(image)
        assert pyramid.gray is not None
    return pyramid


@pytest.mark.parametrize("step", [4, 8, 16])
def test_mask_follows_what_moves(step: int) -> None:
    carried = gone_on(scene(200), scene(200 + step)).carry(mask_of(200))
    stayed = np.abs(mask_of(200) - mask_of(200 + step)).sum()
    assert np.abs(carried - mask_of(200 + step)).sum() < 0.5 * stayed


def test_what_was_nowhere_before_is_unexplained() -> None:
    flow = gone_on(scene(None), scene(300)).flow
    assert flow is not None
    assert flow.unexplained[25:55, 75:105].mean() > 0.3
    assert flow.unexplained[:, :40].max() == 0


def test_light_and_what_moves_slowly_are_explained() -> None:
    for image in (scene(200, brighter=9), scene(202)):
        flow = gone_on(scene(200), image).flow
        assert flow is not None
        assert flow.unexplained.mean() < 0.005


def test_mask_of_the_first_picture_or_of_another_size_stays() -> None:
    assert (gone_on(scene(200)).carry(mask_of(200)) == mask_of(200)).all()
    odd = np.ascontiguousarray(scene(200)[:121, :161])
    assert (gone_on(scene(200), odd).carry(mask_of(200)) == mask_of(200)).all()
    assert gone_on(odd, odd).carry(np.ones((7, 9), np.float32)).min() == pytest.approx(1)
