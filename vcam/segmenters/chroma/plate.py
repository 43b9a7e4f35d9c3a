"""Where the sheet is, also behind the person, and how light it is there."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.timing import Steps, left
from vcam.images.types import Plane

_LEFT = 0.85
"""Share that is left of a known cell's luma after 1/30 s in which it was seen."""
_DOUBT_SECONDS = 1.0
"""Time for which something else must be at the sheet's edge: it, or the camera, was moved."""


class SheetPlate:
    """The cells in which the sheet was seen, and its luma there.

    Args:
        width: Cells.
        height: Cells.

    Attributes:
        known: uint8 (h, w), 1 in the cells in which the sheet was seen.
    """

    def __init__(self, width: int, height: int) -> None:
        self.known: Plane = np.zeros((height, width), np.uint8)
        self._luma = np.zeros((height, width), np.float32)
        self._doubted_since = np.full((height, width), np.inf)
        self._steps = Steps()

    @property
    def luma(self) -> Plane:
        """Of the known cells, uint8 (h, w); 0 elsewhere."""
        return np.asarray(cv2.convertScaleAbs(self._luma), np.uint8) * self.known

    def learn(self, gray: Plane, seen: npt.NDArray[np.bool_], time: float) -> None:
        """Take the luma of the cells in which nothing but sheet is seen.

        Args:
            gray: uint8 (h, w).
            seen: bool (h, w).
            time: Seconds.
        """
        rate = np.float32(1 - left(_LEFT, self._steps.take(time)))
        rates = np.where(self.known, rate, np.float32(1)) * seen
        self._luma += rates * (gray - self._luma)
        self.known[seen] = 1

    def doubt(self, where: npt.NDArray[np.bool_], time: float) -> None:
        """Forget the cells that were doubted for a second without a break.

        Args:
            where: bool (h, w), the cells that are doubted now.
            time: Seconds.
        """
        self._doubted_since = np.where(where, np.minimum(self._doubted_since, time), np.inf)
        self.known[time - self._doubted_since >= _DOUBT_SECONDS] = 0
