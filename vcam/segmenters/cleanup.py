"""Morphology on a raw mask."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Plane

_SHAPES = {
    "ellipse": cv2.MORPH_ELLIPSE,
    "rectangle": cv2.MORPH_RECT,
    "cross": cv2.MORPH_CROSS,
}


class Cleanup:
    """Removes specks and fills holes of MOG2's mask by morphology.

    Args:
        shape: "ellipse", "rectangle" or "cross".
        size: Of the kernel, in pixels of the working picture; odd.
        open: Times to open, first.
        close: Times to close, then.
        grow: Times to dilate (above 0) or erode (below 0), last.
        holes: The largest hole that is filled, as a share of the picture.
    """

    def __init__(
        self,
        shape: str = "ellipse",
        size: int = 5,
        open: int = 1,
        close: int = 3,
        grow: int = 0,
        holes: float = 0.03,
    ) -> None:
        self._kernel = cv2.getStructuringElement(_SHAPES[shape], (size, size))
        self._steps = [
            (operation, times)
            for operation, times in (
                (cv2.MORPH_OPEN, open),
                (cv2.MORPH_CLOSE, close),
                (cv2.MORPH_DILATE if grow > 0 else cv2.MORPH_ERODE, abs(grow)),
            )
            if times
        ]
        self._holes = holes

    def apply(self, mask: Plane) -> None:
        """Clean `mask`, uint8 (h, w), in place."""
        for operation, times in self._steps:
            cv2.morphologyEx(mask, operation, self._kernel, dst=mask, iterations=times)
        if self._holes:
            fill_holes(mask, self._holes * mask.size)


def fill_holes(mask: Plane, largest: float) -> None:
    """Fill the holes of `mask`, uint8 (h, w), of up to `largest` pixels, in place."""
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if hierarchy is None:
        return
    parents = np.asarray(hierarchy)[0, :, 3]
    holes = [
        contour
        for contour, parent in zip(contours, parents, strict=True)
        if parent >= 0 and cv2.contourArea(contour) <= largest
    ]
    if holes:
        cv2.drawContours(mask, holes, -1, 255, cv2.FILLED)
