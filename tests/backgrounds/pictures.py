from __future__ import annotations

import numpy as np

from vcam.backgrounds.base import Background
from vcam.images.types import I420, Alpha, Image

Rgb = tuple[int, int, int]


def bt601(rgb: Rgb) -> tuple[float, float, float]:
    """Limited-range Y, U and V, straight from the standard."""
    r, g, b = (value / 255 for value in rgb)
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    return (
        16 + 219 * luma,
        128 + 224 * (b - luma) / 1.772,
        128 + 224 * (r - luma) / 1.402,
    )


def assert_color(picture: I420, x: int, y: int, rgb: Rgb, within: float = 2) -> None:
    """The pixel and the chroma sample it belongs to have that colour."""
    found = (picture.y[y, x], picture.u[y // 2, x // 2], picture.v[y // 2, x // 2])
    np.testing.assert_allclose(found, bt601(rgb), atol=within)


def blank(width: int, height: int, rgb: Rgb = (0, 0, 0)) -> I420:
    return I420.from_bgr(np.full((height, width, 3), rgb[::-1], np.uint8))


def nobody(width: int, height: int) -> Alpha:
    return np.zeros((height, width), np.uint8)


def painted(background: Background, width: int, height: int) -> I420:
    return background.paint(blank(width, height), nobody(width, height), 0.0)


def bgr(background: Background, width: int, height: int) -> Image:
    return painted(background, width, height).to_bgr()
