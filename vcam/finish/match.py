"""Colour match: toning the person to the background's light."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import I420, Layer, Plane

_SETTLE_SECONDS = 1.5
"""Time constant: a cut in a background video must not make the person flash."""
_STEP = 8
"""Every eighth pixel each way is sampled."""
_SURE = 240
"""From this alpha on a pixel belongs to the person."""
_LEAST = 30
"""Fewer pixels of person are no reliable sample."""
_SHARE = 0.5
"""Share of the way to the background at strength 1: a face must still look natural."""
_GAMMA = (0.75, 1.35)
_SHIFT = 10.0
"""Largest shift of a chroma, levels."""
_BLACK, _SPAN = 16.0, 219.0


class _Light(NamedTuple):
    """Means of luma, 0..1, and of the two chromas, levels."""

    y: float
    u: float
    v: float


class ColorMatch:
    """Moves the person's exposure and white balance towards the background's.

    It implements `Effect`. After Reinhard et al., "Color Transfer between Images" (2001), means
    are matched, but only by half, within bounds, and in luma by a gamma curve, so that black
    stays black and white white. The result is smoothed over time.

    Args:
        strength: 0 (not at all) to 1 (half of the way to the background's means).
    """

    def __init__(self, strength: float) -> None:
        self._strength = strength * _SHARE
        self._now: npt.NDArray[np.float64] | None = None  # log gamma, shift of U, shift of V
        self._last = 0.0
        self._tables: list[Plane] = []

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        """Tone the person."""
        person = _light_of_person(layer)
        if person is not None:
            self._follow(self._wanted(person, _light(background)), time)
        for plane, table in zip(layer.planes, self._tables, strict=False):
            cv2.LUT(plane, table, dst=plane)

    def _wanted(self, person: _Light, there: _Light) -> npt.NDArray[np.float64]:
        aim = person.y + self._strength * (there.y - person.y)
        gamma = math.log(aim) / math.log(person.y)
        shifts = (self._strength * (there.u - person.u), self._strength * (there.v - person.v))
        low, high = (math.log(bound) for bound in _GAMMA)
        return np.array([min(max(math.log(gamma), low), high), *np.clip(shifts, -_SHIFT, _SHIFT)])

    def _follow(self, wanted: npt.NDArray[np.float64], time: float) -> None:
        if self._now is None:
            self._now = wanted
        else:
            passed = max(0.0, time - self._last)
            self._now = self._now + (wanted - self._now) * -math.expm1(-passed / _SETTLE_SECONDS)
        self._last = time
        log_gamma, *shifts = self._now
        luma = np.clip((np.arange(256) - _BLACK) / _SPAN, 0, None) ** math.exp(log_gamma)
        curves = [_BLACK + _SPAN * luma, *(np.arange(256) + shift for shift in shifts)]
        self._tables = [np.clip(np.rint(curve), 0, 255).astype(np.uint8) for curve in curves]


def _light_of_person(layer: Layer) -> _Light | None:
    sure = np.ascontiguousarray(layer.alpha[::_STEP, ::_STEP]) >= _SURE
    if np.count_nonzero(sure) < _LEAST:
        return None
    half = _STEP // 2
    u, v = (plane[::half, ::half][: sure.shape[0], : sure.shape[1]] for plane in layer.planes[1:])
    return _scaled(layer.y[::_STEP, ::_STEP][sure], u[sure], v[sure])


def _light(picture: I420) -> _Light:
    half = _STEP // 2
    y, u, v = picture.planes
    return _scaled(y[::_STEP, ::_STEP], u[::half, ::half], v[::half, ::half])


def _scaled(y: Plane, u: Plane, v: Plane) -> _Light:
    """Neither all black nor all white: both would ask for an endless gamma."""
    luma = min(max((float(y.mean()) - _BLACK) / _SPAN, 0.02), 0.98)
    return _Light(luma, float(u.mean()), float(v.mean()))
