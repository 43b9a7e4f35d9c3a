"""A filter that moves a coarse mask's edges to where the picture's colours change.

He, Sun and Tang, "Guided image filtering", TPAMI 2013, with a guide in colour; coefficients at
a reduced size as in He and Sun, "Fast guided filter", arXiv:1505.00996.
"""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

from vcam.frames import Image, Plane
from vcam.matte.memory import Memory

AnyArray = TypeVar("AnyArray", bound=npt.NDArray[Any])
Floats: TypeAlias = npt.NDArray[np.float32]
Levels: TypeAlias = npt.NDArray[np.uint16]
Three: TypeAlias = tuple[Floats, Floats, Floats]

RADIUS = 3
"""Of the windows, in pixels of the small picture."""
REACH = 8
"""Pixels of the small picture beyond which hardly anything is left of a mask that was filtered."""
_EPSILON = np.float32(1e-4 * 255**2)
"""Variance of colour (levels squared) below which a window's mean stands for the mask."""
_SUM_OF_CHANNELS = np.ones((1, 3), np.float32)


class GuidedFilter:
    """In each window, the linear function of the colours that comes nearest to the mask.

    One pass moves an edge by hardly more than a window's radius, and wide windows mix things
    that have nothing to do with each other: several passes of narrow ones follow the picture
    better than one of wide ones, and most of the work is done once for all passes.

    Args:
        step: 2 computes the functions at half of the mask's size, with windows as large.
        passes: How often; each takes what the one before has made for its mask.
        contrast: Gain of each pass round one half: a window's function never quite reaches 0
            and 1.
    """

    def __init__(self, step: int = 1, passes: int = 1, contrast: float = 1) -> None:
        self._step, self._passes, self._contrast = step, passes, contrast
        self._memory = Memory(np.float32)
        self._windows = _Windows(max(1, round(RADIUS / step)))

    def apply(self, mask: Floats, small: Image, middle: Image) -> Plane:
        """Filter `mask`.

        Args:
            mask: float32 (h, w) in 0..1.
            small: uint8 (h, w, 3), the picture at the mask's size.
            middle: uint8 (mh, mw, 3), the same picture at the size that is wanted.

        Returns:
            uint8 (mh, mw), 255 where the mask is 1; a new array.
        """
        if self._step > 1:
            mask, small = _halved(mask), _halved(small)
        self._windows.look_at(small)
        level: Plane = np.asarray(cv2.convertScaleAbs(mask, alpha=255), np.uint8)
        for _ in range(self._passes - 1):
            level = self._drawn(*self._windows.fit(level), small)
        return self._drawn(*self._windows.fit(level), middle)

    def _drawn(self, slopes: Floats, offset: Floats, picture: Image) -> Plane:
        """The functions' values for the colours of `picture`, which may be larger."""
        shape = picture.shape[:2]
        products, sums = (
            self._memory.take("products", *shape, 3),
            self._memory.take("s", *shape),
        )
        if shape != offset.shape:
            shift = self._memory.take("shift", *shape)
            size = (shape[1], shape[0])
            cv2.resize(slopes, size, dst=products, interpolation=cv2.INTER_LINEAR)
            cv2.resize(offset, size, dst=shift, interpolation=cv2.INTER_LINEAR)
            slopes, offset = products, shift
        np.multiply(picture, slopes, out=products)
        cv2.transform(products, _SUM_OF_CHANNELS, dst=sums)
        gain, level = self._contrast, 127.5 * (1 - self._contrast)
        return np.asarray(cv2.addWeighted(sums, gain, offset, gain, level, dtype=cv2.CV_8U))


class _Windows:
    """The windows round all pixels of a picture.

    Colours and masks are whole levels up to the windows' means: OpenCV adds up integers almost
    twice as quickly as floats.

    Args:
        radius: Of a window, pixels.
    """

    def __init__(self, radius: int) -> None:
        self._sides = (2 * radius + 1,) * 2
        self._floats, self._levels = Memory(np.float32), Memory(np.uint16)

    def look_at(self, picture: Image) -> None:
        """Take the colours' means, and factor their covariance matrices + epsilon, as L D L^T.

        Args:
            picture: uint8 (h, w, 3).
        """
        shape = picture.shape
        self._color = color = self._levels.take("color", *shape)
        turned, product = (self._levels.take(name, *shape) for name in ("turned", "product"))
        np.copyto(color, picture)
        cv2.mixChannels([color], [turned], [1, 0, 2, 1, 0, 2])
        self._mean = b, g, r = self._means("mean", color)
        bb, gg, rr = self._means("square", np.multiply(color, color, out=product))
        bg, gr, br = self._means("cross", np.multiply(color, turned, out=product))
        one = self._floats.take("one", *shape[:2])
        for of, x, y in ((bb, b, b), (gg, g, g), (rr, r, r), (bg, b, g), (gr, g, r), (br, b, r)):
            of -= np.multiply(x, y, out=one)
        for variance in (bb, gg, rr):
            variance += _EPSILON
        l1, l2 = (self._floats.take(name, *shape[:2]) for name in ("l1", "l2"))
        np.divide(bg, bb, out=l1)
        np.divide(br, bb, out=l2)
        gg -= np.multiply(l1, bg, out=one)
        gr -= np.multiply(l1, br, out=one)
        rr -= np.multiply(l2, br, out=one)
        l3 = np.divide(gr, gg, out=bg)
        rr -= np.multiply(l3, gr, out=one)
        self._lower, self._diagonal = (l1, l2, l3), (bb, gg, rr)

    def fit(self, level: Plane) -> tuple[Floats, Floats]:
        """The functions that come nearest to a mask, each the mean of all that cover a pixel.

        Args:
            level: uint8 (h, w), of the picture's size.

        Returns:
            Slopes (h, w, 3) and offset (h, w), in levels of the mask; valid until the next call.
        """
        shape = level.shape
        mask, product = self._levels.take("mask", *shape), self._levels.take("p", *shape, 3)
        np.copyto(mask, level)
        cv2.cvtColor(mask, cv2.COLOR_GRAY2BGR, dst=product)
        slopes = self._means("slopes", np.multiply(self._color, product, out=product))
        offset, one = (self._floats.take(name, *shape) for name in ("offset", "one"))
        cv2.boxFilter(mask, cv2.CV_32F, self._sides, dst=offset)
        for slope, mean in zip(slopes, self._mean, strict=True):
            slope -= np.multiply(mean, offset, out=one)
        self._solve(slopes, one)
        for slope, mean in zip(slopes, self._mean, strict=True):
            offset -= np.multiply(slope, mean, out=one)
        merged = self._floats.take("merged", *shape, 3)
        cv2.merge(slopes, dst=merged)
        smooth, shift = self._floats.take("smooth", *shape, 3), self._floats.take("o", *shape)
        cv2.blur(merged, self._sides, dst=smooth)
        cv2.blur(offset, self._sides, dst=shift)
        return smooth, shift

    def _solve(self, right: Three, one: Floats) -> None:
        """From the colours' covariances with the mask to the slopes; in place."""
        (l1, l2, l3), (d0, d1, d2), (x0, x1, x2) = self._lower, self._diagonal, right
        x1 -= np.multiply(l1, x0, out=one)
        x2 -= np.multiply(l2, x0, out=one)
        x2 -= np.multiply(l3, x1, out=one)
        x2 /= d2
        x1 /= d1
        x1 -= np.multiply(l3, x2, out=one)
        x0 /= d0
        x0 -= np.multiply(l1, x1, out=one)
        x0 -= np.multiply(l2, x2, out=one)

    def _means(self, name: str, planes: Levels) -> Three:
        """The windows' means of three channels (h, w, 3), each as a plane of its own."""
        height, width = planes.shape[:2]
        means = self._floats.take("means", height, width, 3)
        cv2.boxFilter(planes, cv2.CV_32F, self._sides, dst=means)
        one, two, three = self._floats.take(name, 3, height, width)
        cv2.mixChannels([means], [one, two, three], [0, 0, 1, 1, 2, 2])
        return one, two, three


def _halved(plane: AnyArray) -> AnyArray:
    size = ((plane.shape[1] + 1) // 2, (plane.shape[0] + 1) // 2)
    return cast(AnyArray, cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
