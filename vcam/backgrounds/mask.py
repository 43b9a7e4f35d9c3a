"""The matte itself."""

from __future__ import annotations

import cv2

from vcam.backgrounds.base import Steady
from vcam.backgrounds.still import Still
from vcam.images.types import I420, Alpha


class MaskBackground(Steady):
    """The matte in white on black, and nothing of the camera's picture.

    It implements `Background`.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
    """

    replaces_person = True

    def __init__(self, width: int, height: int) -> None:
        self._black = Still.plain(width, height, (0, 0, 0))
        self._out = I420(width, height)
        self._out.data[:] = 128

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The matte of this frame, in limited range."""
        cv2.convertScaleAbs(alpha, dst=self._out.y, alpha=219 / 255, beta=16)
        return self._out

    def cover(self, time: float) -> I420:
        """Black: nobody is found."""
        return self._black.cover(time)
