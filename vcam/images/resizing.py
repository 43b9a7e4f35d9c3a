"""Cheap downscaling without aliasing."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Image, Plane


def shrink(image: Image, width: int, height: int) -> Image:
    """`image`, uint8 (h, w, 3), at a smaller size.

    Each side is halved, by averaging, as long as it stays at least as large as wanted; the last
    step, by less than two, is linear. INTER_AREA over the whole factor at once looks the same and
    costs more than twice as much.
    """
    small = image
    while True:
        h, w = small.shape[:2]
        size = (w // 2 if w >= 2 * width else w, h // 2 if h >= 2 * height else h)
        if size == (w, h):
            break
        halved = [side for side, new in zip((w, h), size, strict=True) if new < side]
        # Of one side alone INTER_AREA is slow; where it is even, linear is the mean of two too.
        is_mean = len(halved) == 1 and halved[0] % 2 == 0
        way = cv2.INTER_LINEAR if is_mean else cv2.INTER_AREA
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
