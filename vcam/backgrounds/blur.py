"""The blurred room, without the person's colours in it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import cv2
import cv2.typing
import numpy as np

from vcam.backgrounds.base import Steady
from vcam.backgrounds.kernels import DiscKernel, Kernel, SmoothKernel
from vcam.backgrounds.still import NEUTRAL, Still
from vcam.images.resizing import shrink
from vcam.images.types import I420, Alpha

BlurStyle: TypeAlias = Literal["smooth", "bokeh"]

_Array: TypeAlias = cv2.typing.MatLike  # what OpenCV takes and gives

# When a cell the person has left begins to count as room again, and when it does so fully.
_WAIT_SECONDS = 0.25
_RETURN_SECONDS = 0.5
# How much a cell can at most be trusted for its share of person; what is below 0 takes time to
# get over. With a quarter of person it is not trusted at all: its colours are mixed.
_TRUST = np.interp(
    np.arange(256), (0, 64), (1, -_WAIT_SECONDS / (_RETURN_SECONDS - _WAIT_SECONDS))
).astype(np.float32)
# In discs, white weighs 25 times as much as black, so that a lamp stands out from its disc.
_GLARE = (1 + 24 * np.clip((np.arange(256) - 16) / 219, 0, 1) ** 4).astype(np.float32)
# Least radius of a disc, in cells: one of fewer is no disc. Its standard deviation along a line is
# half of its radius.
_DISC_CELLS = 3.5
# What a coarser level weighs against the finer: only where there is hardly any room near.
_FILL = 0.01
# What neutral grey weighs: it shows where there is no room at all.
_NOTHING = 1e-4


class BlurBackground(Steady):
    """A blur of the room alone; implements `Background`.

    What the person hides is filled in from its surroundings before blurring, so no halo of the
    person's colours appears round the person. The fill is a normalised convolution (Knutsson
    and Westin 1993) over ever larger neighbourhoods, each pixel weighted by 1 - alpha. All is
    done on cells of 4 to 16 pixels and enlarged.

    A cell loses its weight at once when the person enters it, and regains it only gradually, so
    that a flickering matte edge does not make the blur shimmer.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        strength: 0 (outlines can be made out) to 1 (light and colours only).
        style: "smooth" blurs by a Gaussian; "bokeh" by a disc of the same variance, in which
            bright spots weigh more.
    """

    def __init__(
        self, width: int, height: int, strength: float, style: BlurStyle = "smooth"
    ) -> None:
        sigma = height * (0.006 + 0.054 * strength)
        largest = sigma / (_DISC_CELLS / 2 if style == "bokeh" else 2)
        cell = next(size for size in (16, 8, 4) if size <= largest or size == 4)
        self._small = (max(1, width // cell), max(1, height // cell))
        self.room_width = min(width, 2 * self._small[0])  # the chroma planes are half as wide
        self._bokeh = style == "bokeh"
        self._kernel: Kernel = (
            DiscKernel(2 * sigma / cell) if self._bokeh else SmoothKernel(sigma / cell)
        )
        self._trust: _Array = np.ones(self._small[::-1], np.float32)
        self._last = 0.0
        self._out = I420(width, height)
        self._card = Still.plain(width, height, NEUTRAL)

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The blurred room of this frame."""
        y, u, v = (shrink(plane, *self._small) for plane in picture.planes)
        room = _completed([y, u, v], self._weights(alpha, time))
        blurred = self._discs(room) if self._bokeh else self._spread(room)
        for plane, level in zip(self._out.planes, blurred, strict=True):
            size = (plane.shape[1], plane.shape[0])
            enough = cv2.convertScaleAbs(level)
            cv2.resize(enough, size, dst=plane, interpolation=cv2.INTER_LINEAR)
        return self._out

    def _spread(self, planes: list[_Array]) -> list[_Array]:
        return list(cv2.split(self._kernel.spread(cv2.merge(planes))))

    def _discs(self, room: list[_Array]) -> list[_Array]:
        """`room` spread by discs, with more weight for bright parts."""
        glare = cv2.LUT(cv2.convertScaleAbs(room[0]), _GLARE)
        *planes, weights = self._spread([*(cv2.multiply(plane, glare) for plane in room), glare])
        return [cv2.divide(plane, weights) for plane in planes]

    def cover(self, time: float) -> I420:
        """A plain dark grey: nothing of the room."""
        return self._card.cover(time)

    def _weights(self, alpha: Alpha, time: float) -> _Array:
        """1 where a cell and its neighbours are room, 0 where the person is or just was."""
        most = cv2.dilate(shrink(alpha, *self._small), np.ones((3, 3), np.uint8))
        passed = max(time - self._last, 0.0)
        self._last = time
        regained = passed / (_RETURN_SECONDS - _WAIT_SECONDS)
        self._trust = np.minimum(self._trust + regained, cv2.LUT(most, _TRUST))
        return np.maximum(self._trust, 0)


def _completed(planes: list[_Array], weights: _Array) -> list[_Array]:
    """`planes`, uint8, as float32, with cells of no weight filled from their neighbourhood."""
    seen = [cv2.multiply(plane, weights, dtype=cv2.CV_32F) for plane in planes]
    height, width = weights.shape[:2]
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse = cv2.resize(cv2.merge([*seen, weights]), half, interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(coarse, (3, 3), 0.7)  # one cell alone may be wrong
    *sums, total = cv2.split(_filled(near))
    hidden = np.subtract(1, weights)
    return [
        cv2.add(plane, cv2.multiply(cv2.resize(fill, (width, height)), hidden))
        for plane, fill in zip(seen, (cv2.divide(each, total) for each in sums), strict=True)
    ]


def _filled(sums: _Array) -> _Array:
    """`sums` and a little of their means over ever larger neighbourhoods."""
    height, width = sums.shape[:2]
    if height == width == 1:
        grey = np.array([128, 128, 128, 1], np.float32) * _NOTHING
        return np.asarray(sums.reshape(1, 1, 4) + grey, np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse = _filled(cv2.resize(sums, half, interpolation=cv2.INTER_AREA))
    fill = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.scaleAdd(fill, _FILL, sums)
