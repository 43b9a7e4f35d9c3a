"""A filter that moves a coarse mask's edges to where the picture's colours change.

He, Sun and Tang, "Guided image filtering", TPAMI 2013, with a guide in colour; coefficients at
a reduced size as in He and Sun, "Fast guided filter", arXiv:1505.00996.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

from vcam.frames import Image, Plane

Floats = npt.NDArray[np.float32]
Levels = npt.NDArray[np.uint16]
AnyArray = TypeVar("AnyArray", bound=npt.NDArray[Any])

RADIUS = 4
"""Of the windows, in pixels of the small picture."""
_EPSILON = np.float32(1e-4 * 255**2)
"""Variance of colour (levels squared) below which a window's mean stands for the mask."""
_SUM_OF_CHANNELS = np.ones((1, 3), np.float32)


class GuidedFilter:
    """In each window, the linear function of the colours that comes nearest to the mask.

    Colours and mask are whole levels up to the windows' means: OpenCV adds up integers almost
    twice as quickly as floats. Memory is kept between calls: fresh pages cost more than the
    arithmetic.

    Args:
        step: 2 computes the functions at half of the mask's size, with windows as large.
        contrast: Gain of the result round one half: a window's function never quite reaches 0
            and 1.
    """

    def __init__(self, step: int = 1, contrast: float = 1) -> None:
        self._step, self._contrast = step, contrast
        self._kernel = (2 * (RADIUS // step) + 1,) * 2
        self._floats: dict[str, Floats] = {}
        self._levels: dict[str, Levels] = {}

    def apply(self, mask: Floats, small: Image, middle: Image) -> Plane:
        """Filter `mask`.

        Args:
            mask: float32 (h, w) in 0..1.
            small: uint8 (h, w, 3), the picture at the mask's size.
            middle: uint8 (mh, mw, 3), the same picture at the size that is wanted.

        Returns:
            uint8 (mh, mw), 255 where the mask is 1; valid until the next call.
        """
        if self._step > 1:
            mask, small = _halved(mask), _halved(small)
        height, width = mask.shape
        slopes, offset = self._coefficients(mask, small)
        mean_slopes = cv2.blur(
            slopes, self._kernel, dst=self._take("mean_slopes", height, width, 3)
        )
        mean_offset = self._take("mean_offset", height, width)
        cv2.blur(offset, self._kernel, dst=mean_offset)
        tall, wide = middle.shape[:2]
        large = self._take("large", tall, wide, 3)
        result, shift = self._take("result", tall, wide), self._take("shift", tall, wide)
        cv2.resize(mean_slopes, (wide, tall), dst=large, interpolation=cv2.INTER_LINEAR)
        cv2.resize(mean_offset, (wide, tall), dst=shift, interpolation=cv2.INTER_LINEAR)
        np.multiply(middle, large, out=large)
        cv2.transform(large, _SUM_OF_CHANNELS, dst=result)
        gain, level = self._contrast, 127.5 * (1 - self._contrast)
        return np.asarray(cv2.addWeighted(result, gain, shift, gain, level, dtype=cv2.CV_8U))

    def _coefficients(self, mask: Floats, small: Image) -> tuple[Floats, Floats]:
        """Slopes (h, w, 3) and offset (h, w) of each window's linear function.

        The slopes are (covariance matrix of the colours + epsilon)^-1 times the colours'
        covariances with the mask.
        """
        h, w = mask.shape
        color, turned, product = (self._take_levels(name, h, w, 3) for name in ("c", "t", "p"))
        np.copyto(color, small)
        cv2.mixChannels([color], [turned], [1, 0, 2, 1, 0, 2])
        b, g, r = self._means("mean", color)
        bb, gg, rr = self._means("square", np.multiply(color, color, out=product))
        bg, gr, br = self._means("cross", np.multiply(color, turned, out=product))
        level, mean, one = self._take_levels("mask", h, w), *self._take("planes", 2, h, w)
        np.copyto(level, np.add(np.multiply(mask, 255, out=one), 0.5, out=one), casting="unsafe")
        cv2.cvtColor(level, cv2.COLOR_GRAY2BGR, dst=turned)
        cb, cg, cr = self._means("mask", np.multiply(color, turned, out=product))
        cv2.boxFilter(level, cv2.CV_32F, self._kernel, dst=mean)
        for of, x, y in ((bb, b, b), (gg, g, g), (rr, r, r), (bg, b, g), (gr, g, r), (br, b, r)):
            of -= np.multiply(x, y, out=one)
        for variance in (bb, gg, rr):
            variance += _EPSILON
        for of, x in ((cb, b), (cg, g), (cr, r)):
            of -= np.multiply(x, mean, out=one)
        slopes = self._solve((bb, bg, br, gg, gr, rr), (cb, cg, cr))
        for slope, x in zip(slopes, (b, g, r), strict=True):
            np.subtract(mean, np.multiply(slope, x, out=one), out=mean)
        merged = self._take("slopes", h, w, 3)
        cv2.merge(slopes, dst=merged)
        return merged, mean

    def _solve(self, matrix: tuple[Floats, ...], right: tuple[Floats, ...]) -> tuple[Floats, ...]:
        """Solve a symmetric 3 x 3 system in each pixel, by an LDL decomposition; in place.

        Args:
            matrix: The entries 00, 01, 02, 11, 12 and 22.
            right: The right-hand side; it becomes the solution.
        """
        a00, a01, a02, a11, a12, a22 = matrix
        x0, x1, x2 = right
        height, width = x0.shape
        l1, l2, t = (self._take(name, height, width) for name in ("l1", "l2", "one"))
        np.divide(a01, a00, out=l1)
        np.divide(a02, a00, out=l2)
        a11 -= np.multiply(l1, a01, out=t)
        a12 -= np.multiply(l1, a02, out=t)
        a22 -= np.multiply(l2, a02, out=t)
        x1 -= np.multiply(l1, x0, out=t)
        x2 -= np.multiply(l2, x0, out=t)
        l3 = np.divide(a12, a11, out=a01)
        a22 -= np.multiply(l3, a12, out=t)
        x2 -= np.multiply(l3, x1, out=t)
        x2 /= a22
        x1 /= a11
        x1 -= np.multiply(l3, x2, out=t)
        x0 /= a00
        x0 -= np.multiply(l1, x1, out=t)
        x0 -= np.multiply(l2, x2, out=t)
        return right

    def _means(self, name: str, planes: Levels) -> tuple[Floats, Floats, Floats]:
        """The windows' means of three channels (h, w, 3), each as a plane of its own."""
        height, width = planes.shape[:2]
        means = self._take("means", height, width, 3)
        cv2.boxFilter(planes, cv2.CV_32F, self._kernel, dst=means)
        apart = self._take(name, 3, height, width)
        cv2.mixChannels([means], [apart[0], apart[1], apart[2]], [0, 0, 1, 1, 2, 2])
        return apart[0], apart[1], apart[2]

    def _take(self, name: str, *shape: int) -> Floats:
        """Memory of that name, as it was left."""
        return _taken(self._floats, name, shape, np.float32)

    def _take_levels(self, name: str, *shape: int) -> Levels:
        """The same for whole levels."""
        return _taken(self._levels, name, shape, np.uint16)


def _taken(
    memory: dict[str, AnyArray], name: str, shape: tuple[int, ...], dtype: npt.DTypeLike
) -> AnyArray:
    size = math.prod(shape)
    flat = memory.get(name)
    if flat is None or flat.size < size:
        flat = memory[name] = cast(AnyArray, np.empty(size, dtype))
    return cast(AnyArray, flat[:size].reshape(shape))


def _halved(plane: AnyArray) -> AnyArray:
    size = ((plane.shape[1] + 1) // 2, (plane.shape[0] + 1) // 2)
    return cast(AnyArray, cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
