"""The guided filter: moves a coarse mask's edges to where the picture's colours change.

He, Sun and Tang, "Guided image filtering", TPAMI 2013, with a guide in colour; coefficients at
a reduced size as in He and Sun, "Fast guided filter", arXiv:1505.00996.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Image, Plane
from vcam.matte.windows import Floats, make_windows

AnyArray = TypeVar("AnyArray", bound=npt.NDArray[Any])

RADIUS = 3
"""Radius of the windows, in pixels of the small picture."""
REACH = 8
"""Pixels of the small picture from a mask beyond which its filtered result is near 0."""


class GuidedFilter:
    """Fits in each window the linear function of the colours that is nearest to the mask.

    One pass moves an edge by little more than a window's radius, and wide windows mix unrelated
    things: several passes with narrow windows follow the picture better than one with wide ones,
    and share most of the work.

    Args:
        step: 2 computes the coefficients at half the mask's size, with windows covering the same
            area.
        passes: Number of passes; each filters the result of the one before.
        contrast: Gain of each pass round one half: a window's function never quite reaches 0
            and 1.
    """

    def __init__(self, step: int = 1, passes: int = 1, contrast: float = 1) -> None:
        self._step, self._passes = step, passes
        self._windows = make_windows(max(1, round(RADIUS / step)), contrast)

    def apply(self, mask: Floats, small: Image, middle: Image) -> Plane:
        """Filter `mask`.

        Args:
            mask: float32 (h, w) in 0..1.
            small: uint8 (h, w, 3), the picture at the mask's size.
            middle: uint8 (mh, mw, 3), the same picture at the wanted size.

        Returns:
            uint8 (mh, mw), 255 where the mask is 1; a new array.
        """
        if self._step > 1:
            mask, small = _halved(mask), _halved(small)
        self._windows.look_at(small)
        level: Plane = np.asarray(cv2.convertScaleAbs(mask, alpha=255), np.uint8)
        for picture in (*[small] * (self._passes - 1), middle):
            self._windows.fit(level)
            level = self._windows.draw(picture)
        return level


def _halved(plane: AnyArray) -> AnyArray:
    size = ((plane.shape[1] + 1) // 2, (plane.shape[0] + 1) // 2)
    return cast(AnyArray, cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
