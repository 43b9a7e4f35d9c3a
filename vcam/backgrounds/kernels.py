"""The two blur kernels: the shape that a point of light takes."""

from __future__ import annotations

import itertools
import math
from typing import Protocol, TypeAlias

import cv2
import cv2.typing
import numpy as np
import numpy.typing as npt

_Floats: TypeAlias = npt.NDArray[np.float32]
_Box: TypeAlias = tuple[int, int]  # how far it reaches to each side and up and down, cells


class Kernel(Protocol):
    """Spreads each cell over its neighbours, in all channels; the sum stays the same."""

    def spread(self, cells: cv2.typing.MatLike) -> cv2.typing.MatLike:
        """`cells`, float32 (h, w, n), spread: a new array. Beyond the edges it is mirrored."""


class SmoothKernel:
    """A Gaussian; implements `Kernel`.

    Args:
        sigma: Its standard deviation, cells.
    """

    def __init__(self, sigma: float) -> None:
        self._sigma = sigma
        self._side = 2 * math.ceil(2.5 * sigma) + 1

    def spread(self, cells: cv2.typing.MatLike) -> cv2.typing.MatLike:
        """Spread `cells`."""
        sides = (self._side, self._side)
        return cv2.GaussianBlur(cells, sides, self._sigma, borderType=cv2.BORDER_REFLECT_101)


class DiscKernel:
    """An even disc, as a lens makes of a point out of focus; implements `Kernel`.

    A disc is not separable, so convolving with it is expensive. A box costs the same at any size:
    the disc is approximated by three crossing boxes, minus what they cover twice.

    Args:
        radius: Of the disc, cells.
    """

    def __init__(self, radius: float) -> None:
        self._boxes = _crossing_boxes(radius)
        self._area = float(sum(sign * _cells_in(box) for box, sign in self._boxes))

    def spread(self, cells: cv2.typing.MatLike) -> cv2.typing.MatLike:
        """Spread `cells`."""
        (first, _), *others = self._boxes
        total = _box_sums(cells, first)
        for box, sign in others:
            put = cv2.add if sign > 0 else cv2.subtract
            put(total, _box_sums(cells, box), dst=total)
        return np.multiply(total, np.float32(1 / self._area), out=total)


def _box_sums(cells: cv2.typing.MatLike, box: _Box) -> _Floats:
    sides = (2 * box[0] + 1, 2 * box[1] + 1)
    return np.asarray(cv2.boxFilter(cells, cv2.CV_32F, sides, normalize=False), np.float32)


def _crossing_boxes(radius: float) -> list[tuple[_Box, int]]:
    """Rectangles with their signs whose sum comes nearest to a disc."""
    disc = _disc(radius)
    reach = range(math.ceil(radius) + 1)
    candidates = [
        _cross(narrow, square, wide)
        for narrow, square, wide in itertools.combinations_with_replacement(reach, 3)
    ]
    return min(candidates, key=lambda boxes: float(np.abs(_drawn(boxes, disc) - disc).sum()))


def _cross(narrow: int, square: int, wide: int) -> list[tuple[_Box, int]]:
    return [
        ((wide, narrow), 1),
        ((square, square), 1),
        ((narrow, wide), 1),
        ((square, narrow), -1),
        ((narrow, square), -1),
    ]


def _disc(radius: float) -> _Floats:
    """A disc with a soft edge one cell wide."""
    reach = math.ceil(radius)
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(np.clip(radius + 0.5 - np.hypot(x, y), 0, 1), np.float32)


def _drawn(boxes: list[tuple[_Box, int]], like: _Floats) -> _Floats:
    drawn = np.zeros_like(like)
    middle = like.shape[0] // 2
    for (right, up), sign in boxes:
        drawn[middle - up : middle + up + 1, middle - right : middle + right + 1] += sign
    return drawn


def _cells_in(box: _Box) -> int:
    return (2 * box[0] + 1) * (2 * box[1] + 1)
