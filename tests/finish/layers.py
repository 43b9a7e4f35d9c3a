"""A person for the tests of effects."""

from __future__ import annotations

import numpy as np

from vcam.images.types import I420, Alpha, Box, Layer

W, H = 160, 96


def layer(luma: int = 90, u: int = 120, v: int = 140, alpha: Alpha | None = None) -> Layer:
    """A person of one colour on the right of the frame, or where `alpha` says."""
    if alpha is None:
        alpha = np.zeros((H, W), np.uint8)
        alpha[:, W // 2 :] = 255
    picture = flat(luma, u, v)
    chroma_alpha = np.ascontiguousarray(alpha[::2, ::2])
    return Layer(Box(0, 0, W, H), *picture.planes, alpha, chroma_alpha)


def flat(luma: int, u: int = 128, v: int = 128) -> I420:
    """A picture of one colour."""
    picture = I420(W, H)
    for plane, level in zip(picture.planes, (luma, u, v), strict=True):
        plane[:] = level
    return picture
