"""From planar 4:2:0 to packed 4:2:2."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import I420, Plane


class Packer:
    """Converts I420 pictures of one size to YUYV (YUY2), in its own buffer.

    Each chroma line is used for two lines; the values are unchanged.

    Args:
        width: Pixels, even.
        height: Pixels, even.
    """

    def __init__(self, width: int, height: int) -> None:
        self._pair = np.empty((height // 2, width // 2, 2), np.uint8)
        self._chroma = np.empty((height // 2, 2, width), np.uint8)
        self._packed = np.empty((height, width, 2), np.uint8)

    def pack(self, frame: I420) -> Plane:
        """The same picture packed: uint8 (n,), overwritten by the next call."""
        cv2.merge([frame.u, frame.v], self._pair)
        self._chroma[:] = self._pair.reshape(self._chroma.shape[0], 1, -1)
        cv2.merge([frame.y, self._chroma.reshape(frame.y.shape)], self._packed)
        return self._packed.reshape(-1)
