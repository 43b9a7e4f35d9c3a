"""How far a person's colours bleed into the blurred room."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Alpha, Image


def halo(blurred: Image, ideal: Image, alpha: Alpha, band: int = 40) -> float:
    """Mean colour error of a blurred background close to the person.

    Args:
        blurred: What is to be judged, uint8 (h, w, 3).
        ideal: The blur of the room alone, which nobody has ever stood in; the same shape.
        alpha: The true alpha, uint8 (h, w).
        band: How far from the person it is looked at, pixels.

    Returns:
        The mean absolute difference in levels (0..255) over all pixels that show nothing of the
        person and are at most `band` pixels away; 0 where there are none.
    """
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1,) * 2)
    near = cv2.dilate(np.where(alpha > 127, 255, 0).astype(np.uint8), disc) > 0
    beside = near & (alpha == 0)
    if not beside.any():
        return 0.0
    return float(cv2.absdiff(blurred, ideal)[beside].mean())
