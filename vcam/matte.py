"""From a segmenter's raw mask to the alpha that the compositor blends with."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.errors import SegmenterError
from vcam.frames import Alpha, Box, Cutout, Mask, Plane


class Matte:
    """Maps a soft mask to alpha: threshold, softness, enlargement.

    Args:
        threshold: Mask value that becomes half visible, between 0 and 1.
        softness: Width of the linear slope round it, in mask values: 0 gives a hard edge, 1
            the mask as it is. The slope never reaches beyond 0 or 1.
    """

    def __init__(self, threshold: float = 0.5, softness: float = 0.7) -> None:
        self._curve = _curve(threshold, softness)
        self._alpha: Alpha = np.empty((0, 0), np.uint8)
        self._box: Box | None = None

    def refine(self, mask: Mask, width: int, height: int) -> Cutout:
        """The alpha for a frame of the given size.

        Args:
            mask: float32 (mh, mw) in 0..1, of any size.
            width: Of the frame, pixels.
            height: Of the frame, pixels.

        Returns:
            The alpha, uint8 (height, width), and where it is not 0; valid until the next call.

        Raises:
            SegmenterError: The mask has the wrong shape, or numbers that are none or out of
                range. Nothing of the frame may be shown then.
        """
        check_mask(mask)
        coarse = cv2.convertScaleAbs(mask, alpha=255)
        # Cubic first: a linear enlargement shows the mask's grid as steps along the outline.
        half = ((width + 1) // 2, (height + 1) // 2)
        middle = cv2.resize(coarse, half, interpolation=cv2.INTER_CUBIC)
        sharp = np.asarray(cv2.LUT(middle, self._curve), np.uint8)
        return self._enlarge(sharp, width, height)

    def _enlarge(self, sharp: Plane, width: int, height: int) -> Cutout:
        """Twice the size of `sharp`; only the part that has a person in it is worked on."""
        if self._alpha.shape != (height, width):
            self._alpha, self._box = np.zeros((height, width), np.uint8), None
        if self._box is not None:
            self._alpha[self._box.area] = 0
        part = _surroundings(sharp)
        if part is None:
            self._box = None
            return Cutout(self._alpha, None)
        x, y = 2 * part.x, 2 * part.y
        box = Box(x, y, min(2 * part.width, width - x), min(2 * part.height, height - y))
        twice = (2 * part.width, 2 * part.height)
        enlarged = cv2.resize(sharp[part.area], twice, interpolation=cv2.INTER_LINEAR)
        self._alpha[box.area] = enlarged[: box.height, : box.width]
        self._box = box
        return Cutout(self._alpha, box)


def _surroundings(plane: Plane) -> Box | None:
    """The part of `plane` with all that is not 0 and one more pixel round it."""
    x, y, width, height = cv2.boundingRect(plane)
    if not width:
        return None
    left, top = max(0, x - 1), max(0, y - 1)
    right = min(plane.shape[1], x + width + 1)
    bottom = min(plane.shape[0], y + height + 1)
    return Box(left, top, right - left, bottom - top)


def check_mask(mask: Mask) -> None:
    """Refuse a mask that is no mask.

    Raises:
        SegmenterError: It is not float32 (h, w) with all values finite and in 0..1.
    """
    if mask.ndim != 2 or mask.size == 0 or mask.dtype != np.float32:
        raise SegmenterError(f"the segmenter gave {mask.dtype} {mask.shape} instead of a mask")
    if not cv2.checkRange(mask, True, minVal=-1e-3, maxVal=1.001)[0]:
        raise SegmenterError("the segmenter gave a mask with values outside 0..1")


def _curve(threshold: float, softness: float) -> Plane:
    """Alpha for each of the 256 mask levels."""
    level = np.arange(256, dtype=np.float64) / 255
    width = min(softness, 2 * threshold, 2 * (1 - threshold))
    if width < 1 / 255:
        alpha = np.where(level >= threshold, 1.0, 0.0)
    else:
        alpha = np.clip(0.5 + (level - threshold) / width, 0, 1)
    return np.asarray(np.rint(alpha * 255), np.uint8)
