"""Brightening a person in a dim room without amplifying the camera's noise."""

from __future__ import annotations

import math

import cv2
import cv2.typing
import numpy as np
import numpy.typing as npt

from vcam.images.resizing import shrink
from vcam.images.types import I420, Layer, Plane

_SETTLE_SECONDS = 1.5
"""Time constant: a moved lamp, or somebody coming nearer, must not cause a flash."""
_STEP = 8
"""Every eighth pixel each way is sampled."""
_SURE = 240
"""From this alpha on a pixel belongs to the person."""
_LEAST = 30
"""Fewer pixels of person are no reliable sample."""
_WELL_LIT = 0.45
"""Mean luma, 0..1, that strength 1 aims at; a brighter person is not changed."""
_MOST = math.log(4)
"""The strongest curve: two stops."""
_CELL = 8
"""Pixels across a cell, over which noise is averaged away."""
_SPREAD = 1.5
"""Standard deviation of the blur of cells, in cells: where light is even, so is its lift."""
_NOBODY = 0.01
"""The least weight of a cell, for division: far from the person the result is not visible."""
_COLOUR = 0.6
"""Share of the lift that chroma gets; without it a dim face turns grey."""
_BLACK, _SPAN = 16.0, 219.0

_Array = cv2.typing.MatLike


class Brighten:
    """Lifts the dark parts of a person, the more the darker the person is as a whole.

    It implements `Effect`. The curve is a longer exposure's with a shoulder: black stays black
    and white white. On pixels it would lift noise more than anything else, as it is steepest
    where it is dark. Here it is applied to means over cells alone, and what it adds to them is
    added to their pixels: base and detail, after Durand and Dorsey, "Fast Bilateral Filtering for
    the Display of High-Dynamic-Range Images" (2002). The means are those of the person: a lamp
    behind does not keep the edges dark.

    Args:
        strength: 0 (not at all) to 1 (until the person is well lit, within bounds).
    """

    def __init__(self, strength: float) -> None:
        self._strength = strength
        self._now: float | None = None  # the logarithm of the curve's slope at black
        self._last = 0.0
        self._lift: npt.NDArray[np.float32] = np.zeros(256, np.float32)

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        """Brighten the person."""
        luma = _luma_of_person(layer)
        if luma is not None:
            self._follow(self._wanted(luma), time)
        if not self._lift.any():
            return
        height, width = layer.y.shape
        cells = (max(1, -(-width // _CELL)), max(1, -(-height // _CELL)))
        weight = np.maximum(_spread(shrink(layer.chroma_alpha, *cells)), np.float32(_NOBODY))
        base = _mean(layer.y, layer.alpha, weight, cells)
        lift = cv2.LUT(cv2.convertScaleAbs(base), self._lift)
        _add(layer.y, lift)
        share = cv2.divide(
            lift, np.maximum(base - np.float32(_BLACK), np.float32(8)), scale=_COLOUR
        )
        for plane in (layer.u, layer.v):
            mean = _mean(plane, layer.chroma_alpha, weight, cells)
            _add(plane, np.multiply(share, mean - np.float32(128), dtype=np.float32))

    def _wanted(self, luma: float) -> float:
        aim = luma + self._strength * max(0.0, _WELL_LIT - luma)
        return min(_MOST, math.log(aim * (1 - luma) / (luma * (1 - aim))))

    def _follow(self, wanted: float, time: float) -> None:
        if self._now is None:
            self._now = wanted
        else:
            passed = max(0.0, time - self._last)
            self._now += (wanted - self._now) * -math.expm1(-passed / _SETTLE_SECONDS)
        self._last = time
        level = np.clip((np.arange(256) - _BLACK) / _SPAN, 0, 1)
        slope = math.exp(self._now)
        lift = _SPAN * (slope * level / (1 + (slope - 1) * level) - level)
        self._lift = np.where(lift < 0.5, 0, lift).astype(np.float32)


def _luma_of_person(layer: Layer) -> float | None:
    """Mean luma, 0..1, neither black nor white altogether; None where there is hardly anybody."""
    sure = np.ascontiguousarray(layer.alpha[::_STEP, ::_STEP]) >= _SURE
    if np.count_nonzero(sure) < _LEAST:
        return None
    mean = float(layer.y[::_STEP, ::_STEP][sure].mean())
    return min(max((mean - _BLACK) / _SPAN, 0.02), 0.98)


def _mean(plane: Plane, alpha: Plane, weight: _Array, cells: tuple[int, int]) -> _Array:
    """The person's part of a plane, float32, in cells and spread; 0 far from it."""
    seen = cv2.multiply(plane, alpha, scale=1 / 255)
    return cv2.divide(_spread(shrink(np.asarray(seen, np.uint8), *cells)), weight, scale=255)


def _spread(cells: _Array) -> _Array:
    return cv2.GaussianBlur(
        np.asarray(cells, np.float32), (0, 0), _SPREAD, borderType=cv2.BORDER_REPLICATE
    )


def _add(plane: Plane, cells: _Array) -> None:
    """Add what is there for each cell to its pixels."""
    size = (plane.shape[1], plane.shape[0])
    more = cv2.resize(np.asarray(cells, np.float32), size, interpolation=cv2.INTER_LINEAR)
    cv2.add(plane, more, dst=plane, dtype=cv2.CV_8U)
