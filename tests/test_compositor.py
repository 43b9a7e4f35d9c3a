from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from vcam.compositor import Compositor
from vcam.frames import I420, Alpha

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


@settings(max_examples=200, deadline=None)
@given(sizes, st.integers(0, 2**32 - 1))
def test_blend_is_within_one_level_of_the_real_valued_result(
    size: tuple[int, int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    fore, back = random_picture(rng, *size), random_picture(rng, *size)
    alpha, out = random_alpha(rng, *size), I420(*size)
    Compositor(*size).blend(fore, alpha, back, out)
    luma, chroma = alpha.astype(np.float64), np.floor(chroma_alpha(alpha) + 0.5)
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
    rng = np.random.default_rng(seed)
    fore, back, out = random_picture(rng, *size), random_picture(rng, *size), I420(*size)
    compositor = Compositor(*size)
    compositor.blend(fore, np.zeros(size[::-1], np.uint8), back, out)
    assert np.array_equal(out.data, back.data)
    compositor.blend(fore, np.full(size[::-1], 255, np.uint8), back, out)
    assert np.array_equal(out.data, fore.data)


def test_background_is_not_written_to() -> None:
    rng = np.random.default_rng(1)
    fore, back, out = (random_picture(rng, 8, 6) for _ in range(3))
    before = back.data.copy()
    Compositor(8, 6).blend(fore, random_alpha(rng, 8, 6), back, out)
    assert np.array_equal(back.data, before)
