"""The windows of the guided filter: linear functions of the colours that approximate a mask."""

from __future__ import annotations

import ctypes
from typing import Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam import native
from vcam.images.types import Image, Plane
from vcam.matte.memory import Memory

Floats: TypeAlias = npt.NDArray[np.float32]
Levels: TypeAlias = npt.NDArray[np.uint16]
Three: TypeAlias = tuple[Floats, Floats, Floats]

_EPSILON = np.float32(1e-4 * 255**2)
"""Variance of colour (levels squared) below which a window's mean approximates the mask."""
_SUM_OF_CHANNELS = np.ones((1, 3), np.float32)


class Windows(Protocol):
    """The windows around all pixels of a picture."""

    def look_at(self, picture: Image) -> None:
        """Compute the colours' means, and factor their covariance matrices + epsilon as L D L^T.

        Args:
            picture: uint8 (h, w, 3).
        """

    def fit(self, level: Plane) -> None:
        """Fit the functions to a mask, averaged over all windows that cover a pixel.

        Args:
            level: uint8 (h, w), of the picture's size.
        """

    def draw(self, picture: Image) -> Plane:
        """Evaluate the functions.

        Args:
            picture: uint8 (h, w, 3), the picture given to `look_at`, or a larger version of it.

        Returns:
            uint8 (h, w), in levels of the mask, with the gain; a new array.
        """


def make_windows(radius: int, contrast: float) -> Windows:
    """The fastest available implementation.

    Args:
        radius: Of a window, 1 to 3 pixels.
        contrast: Gain of the result around one half.
    """
    library = native.library()
    if library is None:
        return OpenCvWindows(radius, contrast)
    return NativeWindows(radius, contrast, library)


class NativeWindows:
    """`Windows` in C; see there.

    Args:
        radius: As for `make_windows`.
        contrast: Likewise.
        library: Of `vcam.native`.
    """

    def __init__(self, radius: int, contrast: float, library: ctypes.CDLL) -> None:
        self._radius, self._contrast, self._library = radius, contrast, library
        self._memory = Memory(np.float32)
        self._size = (0, 0)

    def look_at(self, picture: Image) -> None:
        """See `Windows`."""
        picture = native.in_rows(picture)
        height, width = picture.shape[:2]
        self._size = (width, height)
        self._windows = self._memory.take("windows", self._library.vcam_guided_memory(*self._size))
        self._library.vcam_guided_look_at(
            native.data(picture), picture.strides[0], *self._size, self._radius, _EPSILON,
            native.data(self._windows),
        )  # fmt: skip

    def fit(self, level: Plane) -> None:
        """See `Windows`."""
        self._library.vcam_guided_fit(
            native.data(level), *self._size, self._radius, native.data(self._windows)
        )

    def draw(self, picture: Image) -> Plane:
        """See `Windows`."""
        picture = native.in_rows(picture)
        height, width = picture.shape[:2]
        rows = self._memory.take("rows", 4 * (width + self._size[0] + 2))
        level: Plane = np.empty((height, width), np.uint8)
        self._library.vcam_guided_draw(
            native.data(self._windows), *self._size, native.data(picture), picture.strides[0],
            width, height, self._contrast, _base(self._contrast), native.data(rows),
            native.data(level),
        )  # fmt: skip
        return level


class OpenCvWindows:
    """`Windows` in OpenCV and NumPy.

    Colours and masks are integers up to the windows' means: OpenCV's box filter is almost twice as
    fast on them.

    Args:
        radius: As for `make_windows`.
        contrast: Likewise.
    """

    def __init__(self, radius: int, contrast: float) -> None:
        self._contrast = contrast
        self._sides = (2 * radius + 1,) * 2
        self._floats, self._levels = Memory(np.float32), Memory(np.uint16)

    def look_at(self, picture: Image) -> None:
        """See `Windows`."""
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

    def fit(self, level: Plane) -> None:
        """See `Windows`."""
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
        self._slopes, self._offset = smooth, shift

    def draw(self, picture: Image) -> Plane:
        """See `Windows`."""
        shape, slopes, offset = picture.shape[:2], self._slopes, self._offset
        products, sums = self._floats.take("products", *shape, 3), self._floats.take("s", *shape)
        if shape != offset.shape:
            shift = self._floats.take("shift", *shape)
            size = (shape[1], shape[0])
            cv2.resize(slopes, size, dst=products, interpolation=cv2.INTER_LINEAR)
            cv2.resize(offset, size, dst=shift, interpolation=cv2.INTER_LINEAR)
            slopes, offset = products, shift
        np.multiply(picture, slopes, out=products)
        cv2.transform(products, _SUM_OF_CHANNELS, dst=sums)
        gain, base = self._contrast, _base(self._contrast)
        return np.asarray(cv2.addWeighted(sums, gain, offset, gain, base, dtype=cv2.CV_8U))

    def _solve(self, right: Three, one: Floats) -> None:
        """Solve for the slopes from the colours' covariances with the mask; in place."""
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
        """The windows' means of three channels (h, w, 3), as separate planes."""
        height, width = planes.shape[:2]
        means = self._floats.take("means", height, width, 3)
        cv2.boxFilter(planes, cv2.CV_32F, self._sides, dst=means)
        one, two, three = self._floats.take(name, 3, height, width)
        cv2.mixChannels([means], [one, two, three], [0, 0, 1, 1, 2, 2])
        return one, two, three


def _base(contrast: float) -> float:
    """The offset that makes a gain act around one half."""
    return 127.5 * (1 - contrast)
