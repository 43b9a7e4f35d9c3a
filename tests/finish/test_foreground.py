from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vcam
from vcam.config import parse_config
from vcam.finish.foreground import Foreground
from vcam.images.resizing import halve
from vcam.images.types import I420, Alpha, Box, Cutout, Image, Plane
from vcam.pipeline.compositor import Compositor

pytestmark = pytest.mark.usefixtures("both_halves")

PERSON, ROOM = (30, 60, 200), (60, 220, 40)
IN_BETWEEN = slice(74, 82)


def soft_edge() -> tuple[Image, Alpha]:
    """A person on the right before a room of another colour, and the true alpha."""
    alpha = np.tile(np.clip((np.arange(160) - 72) / 12, 0, 1), (96, 1))[..., None]
    mixed = alpha * np.array(PERSON) + (1 - alpha) * np.array(ROOM)
    return np.rint(mixed).astype(np.uint8), np.rint(255 * alpha[..., 0]).astype(np.uint8)


def half(alpha: Alpha) -> Alpha:
    out = np.empty([(side + 1) // 2 for side in alpha.shape], np.uint8)
    halve(alpha, out)
    return out


def matting(strength: float = 1.0) -> vcam.Matting:
    text = f"segmentation: {{backend: mog2}}\nfinish: {{decontaminate: {strength}}}\n"
    return vcam.Matting(parse_config(text, Path("vcam.yaml")))


def distance(image: Image) -> float:
    """How far the pixels in between are from the person's own colour, in levels."""
    return float(np.abs(image[:, IN_BETWEEN].astype(float) - PERSON).mean())


def test_room_is_taken_out_of_the_edge() -> None:
    image, alpha = soft_edge()
    assert distance(matting().foreground(image, alpha)) < distance(image) / 3


def test_strength_is_how_much_of_it() -> None:
    image, alpha = soft_edge()
    none, some, all_ = (distance(matting(x).foreground(image, alpha)) for x in (0, 0.5, 1))
    assert none == distance(image)
    assert some == pytest.approx((none + all_) / 2, rel=0.1)


def test_float_alpha_gives_the_same() -> None:
    image, alpha = soft_edge()
    as_float = (alpha / 255).astype(np.float32)
    one, other = (matting().foreground(image, each) for each in (alpha, as_float))
    assert np.array_equal(one, other)


def test_alpha_of_another_size_or_kind_is_refused() -> None:
    image, alpha = soft_edge()
    with pytest.raises(ValueError, match="alpha must be"):
        matting().foreground(image, alpha[:50])
    with pytest.raises(ValueError, match="alpha must be"):
        matting().foreground(image, alpha.astype(np.int32))  # type: ignore[arg-type]


def test_pipeline_estimates_what_the_public_function_does() -> None:
    image, alpha = soft_edge()
    layer = Compositor(160, 96).lift(image, Cutout(alpha, Box(0, 0, 160, 96)))
    assert layer is not None
    Foreground(1.0).clean(layer.planes, layer.chroma_alpha)
    public = I420.from_bgr(matting().foreground(image, alpha))
    for mine, its in zip(layer.planes, public.planes, strict=True):
        area = slice(None), slice(73 * mine.shape[1] // 160, None)
        assert np.abs(mine[area].astype(int) - its[area]).max() <= 4


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_sure_pixels_stay_as_they_are_at_any_size(width: int, height: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    coarse = rng.choice(np.array([0, 60, 180, 255], np.uint8), (height // 2 + 1, width // 2 + 1))
    alpha: Alpha = coarse.repeat(2, 0).repeat(2, 1)[:height, :width]
    planes: list[Plane] = [rng.integers(0, 256, (height, width), np.uint8) for _ in range(3)]
    before = [plane.copy() for plane in planes]
    Foreground(1.0).clean(planes, half(alpha))
    for plane, old in zip(planes, before, strict=True):
        assert np.array_equal(plane[alpha == 255], old[alpha == 255])
