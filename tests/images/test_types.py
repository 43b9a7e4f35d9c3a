from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcam.images.types import I420, Image


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 40), st.integers(2, 40), st.tuples(*[st.integers(0, 255)] * 3))
def test_flat_colour_survives_the_way_to_i420_and_back(
    width: int, height: int, color: tuple[int, int, int]
) -> None:
    image: Image = np.full((height, width, 3), color, np.uint8)
    back = I420.from_bgr(image).to_bgr()
    assert back.shape == image.shape
    assert np.abs(back.astype(int) - image).max() <= 4


def test_luma_is_bt601_limited_range() -> None:
    white = I420.from_bgr(np.full((4, 4, 3), 255, np.uint8))
    black = I420.from_bgr(np.zeros((4, 4, 3), np.uint8))
    assert set(white.y.flat) == {235}
    assert set(black.y.flat) == {16}
    assert set(white.u.flat) == set(black.v.flat) == {128}


def test_planes_are_views_of_the_flat_buffer() -> None:
    picture = I420(6, 4)
    picture.data[:] = np.arange(picture.data.size, dtype=np.uint8)
    assert picture.y[0, 0] == 0
    assert picture.u[0, 0] == 24
    assert picture.v[0, 0] == 30


def test_image_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="image is"):
        I420(4, 4).load_bgr(np.zeros((4, 6, 3), np.uint8))
