"""The room, blurred, without the person's colours in it."""

from __future__ import annotations

import math
from typing import TypeAlias

import cv2
import cv2.typing
import numpy as np

from vcam.backgrounds.color import NEUTRAL, ColorBackground
from vcam.frames import I420, Alpha, Plane

_Array: TypeAlias = cv2.typing.MatLike  # what OpenCV takes and gives

# A cell of which a quarter is person counts as person altogether: its colours are mixed.
_ROOM = np.clip(255 - 4 * np.arange(256), 0, 255).astype(np.uint8)
# What coarser levels weigh against a pixel of room: only where there is hardly any room near.
_FILL = 0.01
# What neutral grey weighs against the mean of the room: it shows where there is no room at all.
_NOTHING = 1e-4


class BlurBackground:
    """A blur of the room alone; implements `Background`.

    Normalised convolution (Knutsson and Westin 1993): each pixel is weighted by 1 - alpha and
    the blurred sum is divided by the blurred weights, so no rim of the person's colours glows
    round the person. Where no room is near, coarser levels fill the hole. It is done on cells of
    4 to 16 pixels and enlarged.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        strength: 0 (outlines can be made out) to 1 (light and colours only).
    """

    uses_room = True

    def __init__(self, width: int, height: int, strength: float) -> None:
        sigma = height * (0.006 + 0.054 * strength)
        cell = next(size for size in (16, 8, 4) if size <= sigma / 2 or size == 4)
        self._small = (max(1, width // cell), max(1, height // cell))
        self._cell = cell
        self._sigma = sigma / cell
        self._out = I420(width, height)
        self._card = ColorBackground(width, height, NEUTRAL)

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The blurred room of this frame."""
        weights = self._weights(alpha)
        sums = [self._blurred(weights)]
        for plane, cell in zip(picture.planes, (self._cell, *(self._cell // 2,) * 2), strict=True):
            small = self._shrunk(plane, cell)
            sums.append(self._blurred(cv2.multiply(small, weights, dtype=cv2.CV_32F)))
        for plane, level in zip(self._out.planes, _normalised(sums), strict=True):
            size = (plane.shape[1], plane.shape[0])
            enough = cv2.convertScaleAbs(level)
            cv2.resize(enough, size, dst=plane, interpolation=cv2.INTER_LINEAR)
        return self._out

    def cover(self, time: float) -> I420:
        """A plain dark grey: nothing of the room."""
        return self._card.cover(time)

    def close(self) -> None:
        """Nothing to free."""

    def _weights(self, alpha: Alpha) -> _Array:
        """1 where a cell and its neighbours are room, 0 where the person is in one of them."""
        most = cv2.dilate(self._shrunk(alpha, self._cell), np.ones((3, 3), np.uint8))
        surely_room = cv2.LUT(most, _ROOM)
        return cv2.addWeighted(surely_room, 1 / 255, surely_room, 0, 0, dtype=cv2.CV_32F)

    def _shrunk(self, plane: Plane, cell: int) -> _Array:
        """Means of cells; what is left over at the right and lower edge is cut off."""
        width, height = self._small
        whole = plane[: height * cell, : width * cell]
        shrunk: _Array = whole
        for _ in range(cell.bit_length() - 2):  # halving is far cheaper than other factors
            size = (shrunk.shape[1] // 2 or 1, shrunk.shape[0] // 2 or 1)
            shrunk = cv2.resize(shrunk, size, interpolation=cv2.INTER_AREA)
        return cv2.resize(shrunk, self._small, interpolation=cv2.INTER_AREA)

    def _blurred(self, levels: _Array) -> _Array:
        side = 2 * math.ceil(2.5 * self._sigma) + 1
        return cv2.GaussianBlur(
            levels, (side, side), self._sigma, borderType=cv2.BORDER_REFLECT_101
        )


def _normalised(sums: list[_Array]) -> list[_Array]:
    """Divide sums by weights, which come first; holes are filled from half the size."""
    height, width = sums[0].shape[:2]
    size = (width, height)
    if max(size) > 1:
        half = ((width + 1) // 2, (height + 1) // 2)
        coarse = _normalised([cv2.resize(s, half, interpolation=cv2.INTER_AREA) for s in sums])
        fill = [cv2.resize(c, size, interpolation=cv2.INTER_LINEAR) for c in coarse]
    else:
        fill = [np.full((1, 1), 128, np.float32)] * 3
    share = _FILL if max(size) > 1 else _NOTHING
    weight = cv2.addWeighted(sums[0], 1, sums[0], 0, share)
    return [
        cv2.divide(cv2.scaleAdd(level, share, total), weight)
        for level, total in zip(fill, sums[1:], strict=True)
    ]
