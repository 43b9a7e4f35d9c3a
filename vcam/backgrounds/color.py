"""One colour."""

from __future__ import annotations

import numpy as np

from vcam.backgrounds.base import Steady
from vcam.images.types import I420, Alpha

NEUTRAL = (58, 64, 72)
"""The dark grey (red, green, blue) that covers the room where a background has no picture."""


class ColorBackground(Steady):
    """A plain colour; implements `Background`.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        rgb: Red, green and blue, each 0..255.
    """

    def __init__(self, width: int, height: int, rgb: tuple[int, int, int]) -> None:
        bgr = np.full((height, width, 3), rgb[::-1], np.uint8)
        self._picture = I420.from_bgr(bgr)

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The colour, whatever the frame."""
        return self._picture

    def cover(self, time: float) -> I420:
        """The colour."""
        return self._picture
