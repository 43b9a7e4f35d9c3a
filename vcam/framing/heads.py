"""Finding heads and shoulders in a matte."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.person_finder import SURE, find_persons
from vcam.images.types import Alpha, Plane

_ROWS = 45
_SLENDER = 0.4
"""Area over height squared of a person from the crown down to two shoulders' widths below."""
_BUST = 0.5
"""Share of that height that is shown as head and shoulders."""
_HEAD = 0.1
"""Half of a head's width as a share of that height."""
_CAP_AREA, _CAP = 0.02, 0.07
"""Share of the person's area, and of that height, that is above the forehead. The crown itself
would be an outline: a finger raised above the head would move it."""


@dataclass(frozen=True)
class Bust:
    """Head and shoulders, in shares of the picture's width and height.

    Attributes:
        left: Left end.
        right: Right end.
        top: The crown.
        bottom: The middle of the chest.
        x: The middle; half of what is seen is to the left of it. An arm moves it little.
        head: Half of the head's width, as a share of the picture's width.
    """

    left: float
    right: float
    top: float
    bottom: float
    x: float
    head: float


def find_busts(alpha: Alpha) -> list[Bust]:
    """Head and shoulders of everybody in `alpha`, uint8 (h, w).

    Everything is measured by areas, not outlines: a raised arm or a frayed edge has little effect.
    """
    small = _reduced(alpha)
    sure = (small > 255 * SURE).view(np.uint8)
    return [
        _bust(np.where(person, small, 0).astype(np.float64) / 255) for person in find_persons(sure)
    ]


def _reduced(alpha: Alpha) -> Plane:
    height, width = alpha.shape
    columns = max(1, round(_ROWS * width / height))
    # Every eighth pixel or so is enough to average, and far cheaper.
    samples = cv2.resize(alpha, (2 * columns, 2 * _ROWS), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(samples, (columns, _ROWS), interpolation=cv2.INTER_AREA))


def _bust(piece: npt.NDArray[np.float64]) -> Bust:
    """Head and shoulders of the person whom `piece`, float64 (h, w) in 0..1, shows."""
    height, width = piece.shape
    rows = piece.sum(axis=1)
    tall = _upper_height(rows)
    above = np.cumsum(rows)
    top = max(0.0, _reached(above, _CAP_AREA * _SLENDER * tall**2) - _CAP * tall)
    bottom = top + _BUST * tall
    seen = np.cumsum(piece[int(top) : int(bottom) + 1].sum(axis=0))
    left, x, right = (_reached(seen, share * seen[-1]) / width for share in (0.05, 0.5, 0.95))
    return Bust(left, right, top / height, bottom / height, x, _HEAD * tall / width)


def _upper_height(rows: npt.NDArray[np.float64]) -> float:
    """The height, in rows, at which the person is as slender as `_SLENDER`."""
    body = rows[np.flatnonzero(rows)[0] :]
    if rows[-1] > 0:  # the frame cuts the person off: the body goes on below
        body = np.concatenate([body, np.full(3 * len(rows), body[-3:].mean())])
    else:
        body = np.concatenate([body, np.zeros(3 * len(rows))])
    heights = np.arange(1, len(body) + 1)
    spare = np.cumsum(body) - _SLENDER * heights**2
    wide = np.flatnonzero(spare >= 0)
    if not len(wide) or wide[-1] + 1 == len(body):
        return float(heights[wide[-1]] if len(wide) else 1)
    last = wide[-1]
    return float(heights[last] + spare[last] / (spare[last] - spare[last + 1]))


def _reached(sums: npt.NDArray[np.float64], wanted: float) -> float:
    """Where running sums reach a value, between the cells' edges."""
    edges = np.concatenate([[0.0], sums])
    return float(np.interp(wanted, edges, np.arange(len(edges))))
