"""Making pictures small, cheaply and without aliasing."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.frames import Image, Plane


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
        both = size[0] < w and size[1] < h
        # Of one side alone INTER_AREA is slow, and linear is the mean of two pixels too.
        way = cv2.INTER_AREA if both else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(small, size, interpolation=way), np.uint8)
    if (w, h) == (width, height):
        return small
    resized = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


def halve(plane: Plane, out: Plane) -> None:
    """Write the means of 2x2 pixels of `plane`, uint8 (h, w), to `out`, half as large."""
    height, width = plane.shape
    if height % 2 or width % 2:  # the last row or column of chroma stands for one of luma
        padded = cv2.copyMakeBorder(plane, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        plane = np.asarray(padded, np.uint8)
    cv2.resize(plane, out.shape[::-1], dst=out, interpolation=cv2.INTER_AREA)
