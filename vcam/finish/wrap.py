"""Light wrap: the background shines round the person's edge."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import cv2.typing
import numpy as np
import numpy.typing as npt

from vcam.frames import I420, Layer, Plane
from vcam.shrink import shrink

_Array: TypeAlias = cv2.typing.MatLike

_CELL = 8
_REACH = 0.022
"""How far into the person the light goes, of the frame's height."""
_SPREAD = 0.08
"""Standard deviation of the blur of the light that arrives, of the frame's height."""
_SAMPLES = 1000
_BLACK, _WHITE, _GREY = 16, 235, 128
_MISSING = np.clip((_WHITE - np.arange(256)) / (_WHITE - _BLACK), 0, 1).astype(np.float32)


class LightWrap:
    """Adds the background's light, blurred, to the person near the edge; implements `Effect`.

    The light is screened on: dark parts take it, bright ones keep their drawing. It falls off
    over about 2 % of the frame's height, and beyond twice that nothing is touched. All is
    worked out on cells of 8 pixels and at half size.

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
        height, width = layer.chroma_alpha.shape
        near = self._nearness(layer, background.height)
        luma = cv2.resize(layer.y, (width, height))
        # The screen: what is missing to white, of that the share that arrives.
        takes = cv2.multiply(cv2.LUT(luma, _MISSING), near)
        for plane, light in zip(layer.planes, self._light, strict=True):
            added = cv2.multiply(light[layer.box.chroma_area], takes)
            if added.shape != plane.shape:
                added = cv2.resize(added, plane.shape[::-1])
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

    def _nearness(self, layer: Layer, frame_height: int) -> npt.NDArray[np.float32]:
        """How much of the background's light arrives, 0..1 at half size: 0 far inside."""
        height, width = layer.chroma_alpha.shape
        cells = (max(1, 2 * width // _CELL), max(1, 2 * height // _CELL))
        open_ = cv2.bitwise_not(shrink(layer.chroma_alpha, *cells))
        reach = 2 * max(1, round(_REACH * frame_height / _CELL)) + 1
        soft = cv2.GaussianBlur(open_, (reach, reach), 0, borderType=cv2.BORDER_REPLICATE)
        near = np.multiply(soft, np.float32(self._strength / 255), dtype=np.float32)
        return np.asarray(cv2.resize(near, (width, height)), np.float32)


def _blurred(plane: Plane, zero: int, background: I420) -> _Array:
    """One of the background's planes as light: float32 at half size, 0 for black or grey."""
    height, width = background.u.shape
    cells = (max(1, 2 * width // _CELL), max(1, 2 * height // _CELL))
    sigma = max(0.5, _SPREAD * background.height / _CELL)
    soft = cv2.GaussianBlur(shrink(plane, *cells), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    light = np.subtract(soft, np.float32(zero), dtype=np.float32)
    return cv2.resize(light, (width, height))
