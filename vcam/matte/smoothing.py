"""Temporal smoothing: still parts of a mask do not flicker, moving parts do not trail."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.timing import Steps, left
from vcam.images.types import Mask

Floats = npt.NDArray[np.float32]

_UNSURE = np.float32(0.3)
"""Smaller changes of the mask where nothing moves count as flicker."""
_HASTE = np.float32(1.5)
_LEAST_WEIGHT = 0.1
"""Of a new mask after 1/30 s, whatever the strength: what is gone from the masks is gone within a
second."""


class Smoothing:
    """A running average with a long time constant where neither the picture nor the mask moves.

    Args:
        strength: 0 (none) to 1 (still parts hardly change): the weight of earlier masks after 1/30
            s.
    """

    def __init__(self, strength: float) -> None:
        self._strength = min(strength, 1 - _LEAST_WEIGHT)
        self._steps = Steps()
        self._mean: Floats | None = None

    def apply(self, mask: Mask, motion: Floats, time: float | None = None) -> Floats:
        """The average of `mask` and those before it.

        Args:
            mask: float32 (h, w) in 0..1.
            motion: float32 (h, w) in 0..1, 1 where the picture has surely moved.
            time: Seconds; None if unknown: 1/30 s is assumed.

        Returns:
            float32 (h, w) in 0..1, valid until the next call.
        """
        step = self._steps.take(time)
        if self._strength <= 0:
            return mask
        if self._mean is None or self._mean.shape != mask.shape:
            self._mean = mask.copy()
            return self._mean
        change = cv2.subtract(mask, self._mean)
        weight = np.abs(change)
        weight -= _UNSURE
        np.clip(weight, 0, 1, out=weight)  # five times faster than np.maximum with a scalar
        weight *= _HASTE
        weight += motion
        weight += np.float32(1 - left(self._strength, step))
        np.clip(weight, 0, 1, out=weight)
        change *= weight
        self._mean += change
        return self._mean

    def reset(self) -> None:
        """Forget the earlier masks."""
        self._mean = None
