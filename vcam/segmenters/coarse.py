"""A coarse grid, on which large shapes are judged cheaply."""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.resizing import shrink
from vcam.images.timing import FRAME, Schedule
from vcam.images.types import Image, Plane

SIZE = (64, 36)
"""Width and height of the grid: a whole fraction of the usual masks and pictures, so that
shrinking them is quick."""
SHAPE = SIZE[::-1]

AnyArray: TypeAlias = npt.NDArray[Any]

_STILL_LEVELS = 6
_EVERY = 0.2
"""Seconds between two looks."""


def shrunk(picture: AnyArray) -> Image:
    """`picture`, uint8 (h, w, 3) or (h, w), on the grid."""
    return shrink(picture, *SIZE)


def share(plane: Plane, least: float) -> Plane:
    """1 in the cells of which more than a share `least` is set in `plane`, zeros and ones."""
    return (shrunk(plane * np.uint8(255)) > 255 * least).view(np.uint8)


def enlarged(plane: AnyArray, width: int, height: int) -> Plane:
    """`plane`, of the grid, at another size, in squares."""
    resized = cv2.resize(plane, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(resized, np.uint8)


def contrast(picture: Image) -> Plane:
    """The largest of the channels' ranges round each pixel: uint8 (h, w), in levels."""
    ranges = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    blue, green, red = cv2.split(ranges)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def difference(one: Image, other: Image) -> Plane:
    """The largest of the channels' differences: uint8 (h, w), in levels."""
    blue, green, red = cv2.split(cv2.absdiff(one, other))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def disc(radius: int) -> Plane:
    """A round kernel."""
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def stride(cells: float, seconds: float) -> Plane:
    """A disc as wide as what moves `cells` in 1/30 s gets in `seconds`; at least one cell."""
    return disc(max(1, round(cells * seconds / FRAME)))


class Stillness:
    """Where nothing has moved for a while.

    Args:
        seconds: How long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._anchor: Image | None = None
        self._moved_at = np.zeros(SHAPE, np.float64)
        self._still = np.zeros(SHAPE, np.bool_)
        self._looks = Schedule(_EVERY)

    def look(self, picture: Image, time: float) -> npt.NDArray[np.bool_]:
        """Take one more picture.

        Args:
            picture: uint8 (36, 64, 3), BGR.
            time: Seconds.

        Returns:
            bool (36, 64), True where all pictures of the last `seconds` look the same.
        """
        if self._looks.is_due(time):
            if self._anchor is None:
                self._anchor, self._moved_at[:] = picture.copy(), time
            moved = difference(picture, self._anchor) > _STILL_LEVELS
            self._anchor[moved] = picture[moved]
            self._moved_at[moved] = time
            self._still = np.asarray(time - self._moved_at > self._seconds)
        return self._still
