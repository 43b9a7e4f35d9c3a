"""Light wrap: the background's light spills over the person's edge."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import cv2.typing
import numpy as np

from vcam.images.resizing import shrink
from vcam.images.types import I420, Layer, Plane, Size

_Array: TypeAlias = cv2.typing.MatLike

_CELL = 4
"""Pixels to a side."""
_REACH = 0.022
"""How far the light reaches into the person, as a share of the frame's height."""
_SPREAD = 0.08
"""Standard deviation of the light's blur, as a share of the frame's height."""
_SAMPLES = 1000
_BLACK, _WHITE, _GREY = 16, 235, 128
_MISSING = np.clip((_WHITE - np.arange(256)) / (_WHITE - _BLACK), 0, 1).astype(np.float32)


class LightWrap:
    """Adds the background's light, blurred, to the person near the edge; implements `Effect`.

    The light is added in screen mode: dark parts gain most, bright ones keep their detail. It falls
    off over about 2 % of the frame's height, and nothing beyond twice that is changed. All is
    computed at a quarter of the size.

    Args:
        strength: 0 (none) to 1 (a glow).
    """

    def __init__(self, strength: float) -> None:
        self._strength = strength
        self._samples: Plane = np.empty(0, np.uint8)
        self._light: list[_Array] = []

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        """Light the person's edge."""
        self._look_at(background)
        size = _cells(layer.y)
        near = self._nearness(layer, size, background.height)
        # The screen: what is missing to white, of that the share that arrives.
        takes = cv2.multiply(cv2.LUT(shrink(layer.y, *size), _MISSING), near)
        x, y = layer.box.x // _CELL, layer.box.y // _CELL
        for plane, light in zip(layer.planes, self._light, strict=True):
            there = light[y : y + size[1], x : x + size[0]]
            levels = np.rint(cv2.multiply(there, takes)).astype(np.int16)
            added = cv2.resize(levels, plane.shape[::-1])
            if plane is layer.y:  # never negative, and 8 bit are added far quicker
                added = cv2.convertScaleAbs(added)
            cv2.add(plane, added, dst=plane, dtype=cv2.CV_8U)

    def _look_at(self, background: I420) -> None:
        """Blur the background, unless it is the same as before."""
        samples = background.data[:: max(1, background.data.size // _SAMPLES)]
        if np.array_equal(samples, self._samples):
            return
        self._samples = samples.copy()
        self._light = [
            _blurred(plane, zero, background)
            for plane, zero in zip(background.planes, (_BLACK, _GREY, _GREY), strict=True)
        ]

    def _nearness(self, layer: Layer, size: Size, frame_height: int) -> _Array:
        """How much of the background's light arrives, in cells, 0..1: 0 far inside."""
        gone = cv2.bitwise_not(shrink(layer.chroma_alpha, *size))
        reach = 2 * max(1, round(_REACH * frame_height / _CELL)) + 1
        soft = cv2.GaussianBlur(gone, (reach, reach), 0, borderType=cv2.BORDER_REPLICATE)
        return np.multiply(soft, np.float32(self._strength / 255), dtype=np.float32)


def _cells(luma: Plane) -> Size:
    """Width and height of a picture in cells; those at the right and lower edge are whole."""
    return -(-luma.shape[1] // _CELL), -(-luma.shape[0] // _CELL)


def _blurred(plane: Plane, zero: int, background: I420) -> _Array:
    """One of the background's planes as light: float32, 0 for black or grey, in cells."""
    width, height = _cells(background.y)
    coarse = (-(-width // 2), -(-height // 2))
    sigma = max(0.5, _SPREAD * background.height / (2 * _CELL))
    soft = cv2.GaussianBlur(shrink(plane, *coarse), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    light = np.subtract(soft, np.float32(zero), dtype=np.float32)
    # One more at each end: a layer that begins between two cells needs it.
    return cv2.copyMakeBorder(cv2.resize(light, (width, height)), 0, 1, 0, 1, cv2.BORDER_REPLICATE)
