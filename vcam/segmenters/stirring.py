"""Where anything has stirred lately, down to the camera's noise: a breath, a blink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Plane

_AVERAGED = 0.4
"""Seconds over which pictures are averaged: the noise goes, a breath stays."""
_WARM_UP = 1.0
"""Seconds until the average is worth comparing with."""
_EVERY = 0.25
"""Seconds between two comparisons."""
_LEAST = 1.2
"""Levels of the average that are no rounding."""
_SIGMAS = 3.5
"""Times the average's own noise, before it is blurred, that nothing but a movement exceeds."""
_SAMPLE = (slice(None, None, 4), slice(None, None, 4))
_TO_SIGMA = 1.48
"""Of the median deviation."""


class Stirring:
    """Compares averages of pictures of one size; what all of the picture does is no movement.

    Attributes:
        mean: Of the pictures of the last moment: float32 (h, w).
        moved_at: When each pixel was last seen to have moved: float64 (h, w), seconds.
        just_moved: Which had moved when it was last looked: bool (h, w).
    """

    def __init__(self, gray: Plane, time: float) -> None:
        self.mean: npt.NDArray[np.float32] = gray.astype(np.float32)
        self._anchor: npt.NDArray[np.float32] | None = None
        self._begin = self._before = self._looked = time
        self._last = gray
        self.moved_at = np.full(gray.shape, time)
        self.just_moved = np.zeros(gray.shape, np.bool_)

    def look(self, gray: Plane, time: float) -> bool:
        """Take the next picture, uint8 (h, w); whether `just_moved` is new.

        A picture that is the same to the last bit is not new: the camera has stopped, and that
        nothing moves then says nothing. All times are put off until it goes on.
        """
        if np.array_equal(gray[_SAMPLE], self._last[_SAMPLE]):
            self.moved_at += time - self._before
            self._begin += time - self._before
            self._before = time
            return False
        weight = 1 - float(np.exp(-(time - self._before) / _AVERAGED))
        self._before, self._last = time, gray
        noise = median(np.abs(gray[_SAMPLE] - self.mean[_SAMPLE])) * _TO_SIGMA
        cv2.accumulateWeighted(gray, self.mean, weight)
        if time - self._begin < _WARM_UP or time - self._looked < _EVERY:
            return False
        self._looked = time
        self._compare(max(_LEAST, _SIGMAS * noise * (weight / (2 - weight)) ** 0.5), time)
        return True

    def _compare(self, levels: float, time: float) -> None:
        if self._anchor is None:
            self._anchor = self.mean.copy()
        light = median(self.mean[_SAMPLE] / np.maximum(self._anchor[_SAMPLE], 1))
        self._anchor *= np.float32(light)
        self.just_moved = np.abs(cv2.blur(self.mean - self._anchor, (3, 3))) > levels
        self._anchor[self.just_moved] = self.mean[self.just_moved]
        self.moved_at[self.just_moved] = time


def median(values: npt.NDArray[np.floating[Any]]) -> float:
    """The upper median of values of any shape, of which there is one at least."""
    middle = values.size // 2
    return float(np.partition(values, middle, axis=None)[middle])
