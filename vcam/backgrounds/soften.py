"""A plain blur of a whole picture."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import I420, Plane


class Softening:
    """A Gaussian blur, done on a reduced picture where it is wide.

    Args:
        sigma: Its standard deviation, pixels.
    """

    def __init__(self, sigma: float) -> None:
        self._sigma = sigma

    def apply(self, picture: I420) -> None:
        """Blur `picture` in place."""
        _blur(picture.y, self._sigma)
        _blur(picture.u, self._sigma / 2)
        _blur(picture.v, self._sigma / 2)


def _blur(plane: Plane, sigma: float) -> None:
    height, width = plane.shape
    cell = next((size for size in (16, 8, 4, 2) if size <= sigma / 2), 1)
    small = cv2.resize(plane, (-(-width // cell), -(-height // cell)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(sigma / cell, 0.1), borderType=cv2.BORDER_REPLICATE)
    plane[:] = np.asarray(
        cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8
    )
