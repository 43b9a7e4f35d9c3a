"""Resampling a part of a plane with sub-pixel edges."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vcam.images.types import Plane

_WHOLE = 1e-3
"""Offsets this close to whole pixels are rounded."""


def resample(plane: Plane, x: float, y: float, steps: tuple[float, float], out: Plane) -> None:
    """Fill `out` from the part of `plane` that begins at (x, y), linearly interpolated.

    A part that begins at whole pixels is resized, at a quarter of the cost of the `warpAffine` that
    others need. Cropping to whole pixels instead would make a moving view jitter, and so would a
    sub-pixel shift before resizing: it moves all fine detail alike, and by too little.

    Args:
        plane: uint8 (h, w).
        x: Left edge of the part, pixels; 0 is the left edge of the first pixel.
        y: Upper edge of the part, pixels.
        steps: Pixels of `plane` per pixel of `out`, across and down; above about 1.5 it aliases.
        out: uint8 (oh, ow). Where `plane` ends its last pixels are repeated.
    """
    across, down = steps
    left, top = round(x), round(y)
    if abs(x - left) > _WHOLE or abs(y - top) > _WHOLE:
        # In OpenCV's coordinates 0 is the middle of the first pixel.
        matrix = np.array(
            [[across, 0, x + (across - 1) / 2], [0, down, y + (down - 1) / 2]], np.float64
        )
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (out.shape[1], out.shape[0])
        cv2.warpAffine(plane, matrix, size, out, how, cv2.BORDER_REPLICATE)
        return
    height, width = out.shape
    bottom, right = top + math.ceil(height * down) + 1, left + math.ceil(width * across) + 1
    part = plane[top:bottom, left:right]
    # The factors are given, not the size: so they are exact.
    sized = cv2.resize(part, None, fx=1 / across, fy=1 / down, interpolation=cv2.INTER_LINEAR)
    sized = sized[:height, :width]
    h, w = sized.shape
    out[:h, :w] = sized
    out[:h, w:] = sized[:, -1:]
    out[h:] = out[h - 1]
