"""From the camera's picture to one of the output's size: crop, resize, mirror."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.frames import Image


class Framing:
    """Fills the output's frame with the middle of the picture, undistorted.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        mirror: Turn left and right round.
    """

    def __init__(self, width: int, height: int, mirror: bool = False) -> None:
        self._size = (width, height)
        self._mirror = mirror

    def fit(self, image: Image) -> Image:
        """Crop to the output's proportions, resize and mirror `image`, uint8 (h, w, 3)."""
        width, height = self._size
        fitted = _crop(image, width / height)
        if (fitted.shape[1], fitted.shape[0]) != self._size:
            shrinks = fitted.shape[1] > width
            how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            fitted = np.asarray(cv2.resize(fitted, self._size, interpolation=how), np.uint8)
        if self._mirror:
            fitted = np.asarray(cv2.flip(fitted, 1), np.uint8)
        return fitted


def _crop(image: Image, proportion: float) -> Image:
    """The largest middle part of `image` with the given width / height."""
    height, width = image.shape[:2]
    new_width = min(width, round(height * proportion))
    new_height = min(height, round(width / proportion))
    x, y = (width - new_width) // 2, (height - new_height) // 2
    return image[y : y + new_height, x : x + new_width]
