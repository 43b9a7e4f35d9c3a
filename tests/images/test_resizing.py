from __future__ import annotations

import cv2
import numpy as np
import pytest

from vcam.images.resizing import shrink


@pytest.mark.parametrize("size", [(256, 144), (256, 256), (320, 180), (1280, 720), (100, 100)])
def test_size_is_the_one_wanted_and_a_flat_picture_stays_flat(size: tuple[int, int]) -> None:
    image = np.full((720, 1280, 3), (10, 100, 200), np.uint8)
    small = shrink(image, *size)
    assert small.shape == (size[1], size[0], 3)
    assert (small == (10, 100, 200)).all()


def test_fine_pattern_becomes_grey_instead_of_aliasing() -> None:
    image = np.zeros((720, 1280, 3), np.uint8)
    image[:, ::2] = 200
    assert np.ptp(shrink(image, 256, 144)) <= 2
    assert np.ptp(cv2.resize(image, (256, 144), interpolation=cv2.INTER_LINEAR)) > 50


def test_nothing_is_shifted() -> None:
    image = np.zeros((720, 1280, 3), np.uint8)
    image[:, 640:] = 255
    small = shrink(image, 256, 144)[70, :, 0].astype(int)
    assert small[126] == 0
    assert small[129] == 255
    assert abs(small[127] + small[128] - 255) <= 3


@pytest.mark.parametrize(("height", "mean"), [(40, 100), (41, 102)])
def test_where_one_side_alone_is_much_too_long_its_pixels_are_averaged_too(
    height: int, mean: int
) -> None:
    stripes = np.zeros((height, 30, 3), np.uint8)
    stripes[::2] = 200
    assert (shrink(stripes, 30, 20) == mean).all()
