"""From a segmenter's raw mask to the alpha that the compositor blends with."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.errors import SegmenterError
from vcam.frames import Alpha, Mask, Plane


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

    def refine(self, mask: Mask, width: int, height: int) -> Alpha:
        """The alpha for a frame of the given size.

        Args:
            mask: float32 (mh, mw) in 0..1, of any size.
            width: Of the frame, pixels.
            height: Of the frame, pixels.

        Returns:
            uint8 (height, width), valid until the next call.

        Raises:
            SegmenterError: The mask has the wrong shape, or numbers that are none or out of
                range. Nothing of the frame may be shown then.
        """
        check_mask(mask)
        if self._alpha.shape != (height, width):
            self._alpha = np.empty((height, width), np.uint8)
        coarse = cv2.convertScaleAbs(mask, alpha=255)
        # Cubic first: a linear enlargement shows the mask's grid as steps along the outline.
        half = ((width + 1) // 2, (height + 1) // 2)
        middle = cv2.resize(coarse, half, interpolation=cv2.INTER_CUBIC)
        sharp = cv2.LUT(middle, self._curve)
        cv2.resize(sharp, (width, height), dst=self._alpha, interpolation=cv2.INTER_LINEAR)
        return self._alpha


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
