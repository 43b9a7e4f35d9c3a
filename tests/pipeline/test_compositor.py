from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcam.images.types import I420, Alpha, Box, Cutout, Image
from vcam.pipeline.compositor import Compositor

pytestmark = pytest.mark.usefixtures("both_halves")

sizes = st.tuples(st.integers(2, 45), st.integers(2, 45))


def random_picture(rng: np.random.Generator, width: int, height: int) -> I420:
    picture = I420(width, height)
    picture.data[:] = rng.integers(0, 256, picture.data.size, np.uint8)
    return picture


def random_alpha(rng: np.random.Generator, width: int, height: int) -> Alpha:
    alpha = rng.integers(0, 256, (height, width), np.uint8)
    alpha[rng.random(alpha.shape) < 0.3] = 0
    alpha[rng.random(alpha.shape) < 0.3] = 255
    return alpha


def chroma_alpha(alpha: Alpha) -> npt.NDArray[np.float64]:
    height, width = alpha.shape
    padded = np.pad(alpha.astype(np.float64), ((0, height % 2), (0, width % 2)), "edge")
    blocks = padded.reshape(padded.shape[0] // 2, 2, padded.shape[1] // 2, 2)
    return np.asarray(blocks.mean((1, 3)), np.float64)


def random_case(size: tuple[int, int], seed: int) -> tuple[Image, Cutout, I420]:
    """A picture, a cutout whose box is part of the frame, and a background."""
    width, height = size
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (height, width, 3), np.uint8)
    x, y = (int(rng.integers(0, side // 2)) * 2 for side in size)
    box = Box(x, y, int(rng.integers(1, width - x + 1)), int(rng.integers(1, height - y + 1)))
    if (x + box.width) % 2 and x + box.width < width:
        box = replace(box, width=box.width + 1)
    if (y + box.height) % 2 and y + box.height < height:
        box = replace(box, height=box.height + 1)
    alpha = np.zeros((height, width), np.uint8)
    alpha[box.area] = random_alpha(rng, box.width, box.height)
    return image, Cutout(alpha, box), random_picture(rng, width, height)


def compose(image: Image, cutout: Cutout, back: I420, picture: I420 | None = None) -> I420:
    out = I420(back.width, back.height)
    compositor = Compositor(back.width, back.height)
    compositor.compose(compositor.lift(image, cutout, picture), back, out)
    return out


@settings(max_examples=200, deadline=None)
@given(sizes, st.integers(0, 2**32 - 1), st.booleans())
def test_result_is_within_one_level_of_the_real_valued_one(
    size: tuple[int, int], seed: int, converted: bool
) -> None:
    image, cutout, back = random_case(size, seed)
    fore = I420.from_bgr(image)
    out = compose(image, cutout, back, fore if converted else None)
    luma = cutout.alpha.astype(np.float64)
    chroma = np.floor(chroma_alpha(cutout.alpha) + 0.5)
    for a, f, b, o in zip(
        (luma, chroma, chroma), fore.planes, back.planes, out.planes, strict=True
    ):
        exact = (f * a + b * (255 - a)) / 255
        assert np.abs(o - exact).max() <= 1 + 1e-9


@settings(max_examples=50, deadline=None)
@given(sizes, st.integers(0, 2**32 - 1))
def test_no_alpha_gives_the_background_untouched_and_full_alpha_the_picture(
    size: tuple[int, int], seed: int
) -> None:
    image, _, back = random_case(size, seed)
    nothing, everything = np.zeros(size[::-1], np.uint8), np.full(size[::-1], 255, np.uint8)
    whole = Box(0, 0, *size)
    assert np.array_equal(compose(image, Cutout(nothing, None), back).data, back.data)
    assert np.array_equal(compose(image, Cutout(nothing, whole), back).data, back.data)
    full = compose(image, Cutout(everything, whole), back)
    assert np.array_equal(full.data, I420.from_bgr(image).data)


def test_background_is_not_written_to() -> None:
    image, cutout, back = random_case((8, 6), 1)
    before = back.data.copy()
    compose(image, cutout, back)
    assert np.array_equal(back.data, before)
