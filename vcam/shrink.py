"""Making pictures small, cheaply and without aliasing."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.frames import Image


def shrink(image: Image, width: int, height: int) -> Image:
    """`image`, uint8 (h, w, 3), at a smaller size.

    Each side is halved, by the mean of its pixels, as long as it stays at least as large as is
    wanted; the last step, by less than two, is linear. Averaging over the whole of a larger
    factor at once (INTER_AREA) looks the same and costs more than twice as much.
    """
    small = image
    while True:
        h, w = small.shape[:2]
        size = (w // 2 if w >= 2 * width else w, h // 2 if h >= 2 * height else h)
        if size == (w, h):
            break
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    if (w, h) == (width, height):
        return small
    resized = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
