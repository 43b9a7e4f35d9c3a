"""Painting with soft shapes: what the built-in scene is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Alpha, Image, Plane

Point: TypeAlias = tuple[float, float]
Color: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0..255."""

_Floats: TypeAlias = npt.NDArray[np.float32]
_Floats64: TypeAlias = npt.NDArray[np.float64]
_Window: TypeAlias = tuple[slice, slice]

_SHIFT = 4  # fractional bits of OpenCV's drawing functions


class Painting:
    """A sheet on which anti-aliased, softened shapes are laid one over the other.

    Args:
        left: Of the sheet, in the units of all points.
        top: In the same units.
        width: In the same units.
        height: In the same units.
        scale: Pixels per unit.
    """

    def __init__(self, left: float, top: float, width: float, height: float, scale: float) -> None:
        self._origin = np.array((left, top))
        self._scale = scale
        shape = (max(1, round(height * scale)), max(1, round(width * scale)))
        self._color = np.zeros((*shape, 3), np.float32)
        self._alpha = np.zeros(shape, np.float32)

    def fill(
        self, points: Sequence[Point], color: Color, soft: float = 0, opacity: float = 1
    ) -> None:
        """Lay a closed curve through `points` on top, its edge softened by `soft` units."""
        self._add(_curve(points), color, soft, opacity)

    def shade(
        self, points: Sequence[Point], color: Color, soft: float = 0, opacity: float = 1
    ) -> None:
        """The same, but only where something has been laid before."""
        window, cover = self._cover(_curve(points), soft, opacity)
        paint = self._alpha[window][..., None] * _bgr(color)  # the sheet is premultiplied
        self._color[window] += cover[..., None] * (paint - self._color[window])

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        color: Color,
        soft: float = 0,
        opacity: float = 1,
    ) -> None:
        """Lay an upright rectangle on top."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.polygon(corners, color, soft, opacity)

    def polygon(
        self, corners: Sequence[Point], color: Color, soft: float = 0, opacity: float = 1
    ) -> None:
        """`fill` with straight lines and sharp corners."""
        self._add(np.array(corners, np.float64), color, soft, opacity)

    def sprite(self, pivot: Point) -> Sprite:
        """What has been painted, to be turned round `pivot`."""
        sheet = np.rint(np.dstack([self._color, self._alpha * 255])).astype(np.uint8)
        left, top, width, height = cv2.boundingRect(sheet[..., 3])
        at = (np.array(pivot) - self._origin) * self._scale - (left, top)
        # A clear rim keeps the edges soft when the sprite is turned.
        part = cv2.copyMakeBorder(
            sheet[top : top + height, left : left + width], 1, 1, 1, 1, cv2.BORDER_CONSTANT
        )
        return Sprite(np.asarray(part, np.uint8), (float(at[0]) + 1, float(at[1]) + 1))

    def image(self) -> Image:
        """What has been painted, over black."""
        return np.rint(self._color).astype(np.uint8)

    def _add(self, points: _Floats64, color: Color, soft: float, opacity: float) -> None:
        window, cover = self._cover(points, soft, opacity)
        alpha = self._alpha[window]
        alpha += cover * (1 - alpha)
        self._color[window] += cover[..., None] * (_bgr(color) - self._color[window])

    def _cover(self, points: _Floats64, soft: float, opacity: float) -> tuple[_Window, _Floats]:
        """Where on the sheet a shape lies, and its coverage 0..1 there."""
        pixels = (points - self._origin) * self._scale - 0.5
        sigma = soft * self._scale
        margin = int(3 * sigma) + 2
        height, width = self._alpha.shape
        low = np.clip(np.floor(pixels.min(0)).astype(int) - margin, 0, (width, height))
        high = np.clip(np.ceil(pixels.max(0)).astype(int) + margin, low, (width, height))
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        mask = np.zeros((high - low)[::-1], np.uint8)
        if mask.size == 0:
            return window, mask.astype(np.float32)
        fixed = np.rint((pixels - low) * (1 << _SHIFT)).astype(np.int32)
        cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, _SHIFT)
        return window, _softened(mask, sigma) * np.float32(opacity)


def _bgr(color: Color) -> _Floats:
    return np.array(color[::-1], np.float32)


def ellipse(center: Point, radii: Point) -> list[Point]:
    """Sixteen points of an ellipse."""
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    xs = center[0] + radii[0] * np.cos(turn)
    ys = center[1] + radii[1] * np.sin(turn)
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def mirrored(half: Sequence[Point]) -> list[Point]:
    """A shape with two equal sides, from its left half, given from top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half) if x != 0)]


def _curve(points: Sequence[Point]) -> _Floats64:
    """A closed Catmull-Rom spline through `points`, eight segments between two of them."""
    p1 = np.array(points, np.float64)[:, None, :]
    p0, p2, p3 = np.roll(p1, 1, 0), np.roll(p1, -1, 0), np.roll(p1, -2, 0)
    t = np.linspace(0, 1, 8, endpoint=False)[None, :, None]
    spline = 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return np.asarray(spline.reshape(-1, 2), np.float64)


def _softened(mask: Plane, sigma: float) -> _Floats:
    """`mask` as 0..1, blurred; a wide blur is done on a reduced copy."""
    cover = mask.astype(np.float32) / np.float32(255)
    if sigma < 0.3:
        return cover
    step = max(1, int(sigma / 3))
    size = (mask.shape[1], mask.shape[0])
    small = (max(1, size[0] // step), max(1, size[1] // step))
    reduced = cv2.resize(cover, small, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(reduced, (0, 0), sigma / step)
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), np.float32)


@dataclass(frozen=True)
class Sprite:
    """A painted part that can be moved, turned and resized.

    Attributes:
        pixels: uint8 (h, w, 4), BGR already multiplied by the alpha behind it.
        pivot: Where it is held, in pixels.
    """

    pixels: npt.NDArray[np.uint8]
    pivot: Point

    def put(
        self,
        image: Image,
        alpha: Alpha,
        at: Point,
        degrees: float = 0,
        stretch: Point = (1, 1),
    ) -> None:
        """Lay it over `image` and add its coverage to `alpha`.

        Args:
            image: uint8 (h, w, 3), changed.
            alpha: uint8 (h, w), changed.
            at: Where the pivot comes to lie, in pixels.
            degrees: Turned clockwise.
            stretch: Factors across and down, before it is turned.
        """
        turn = np.deg2rad(degrees)
        cos, sin = np.cos(turn), np.sin(turn)
        linear = np.array(((cos, -sin), (sin, cos))) * stretch
        height, width = self.pixels.shape[:2]
        corners = np.array([(0, 0), (width, 0), (0, height), (width, height)]) - self.pivot
        moved = corners @ linear.T + at
        low = np.maximum(np.floor(moved.min(0)).astype(int) - 1, 0)
        high = np.minimum(np.ceil(moved.max(0)).astype(int) + 1, (image.shape[1], image.shape[0]))
        if (high <= low).any():
            return
        matrix = np.column_stack([linear, at - low - linear @ self.pivot])
        layer = cv2.warpAffine(self.pixels, matrix, (high - low).tolist())
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        _over(np.asarray(layer, np.uint8), image[window], alpha[window])


def _over(layer: npt.NDArray[np.uint8], image: Image, alpha: Alpha) -> None:
    """Porter and Duff's "over" for 8 bit, in place."""
    cover = cv2.extractChannel(layer, 3)
    clear = cv2.bitwise_not(cover)
    cv2.multiply(image, cv2.cvtColor(clear, cv2.COLOR_GRAY2BGR), dst=image, scale=1 / 255)
    cv2.add(image, cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), dst=image)
    cv2.multiply(alpha, clear, dst=alpha, scale=1 / 255)
    cv2.add(alpha, cover, dst=alpha)
