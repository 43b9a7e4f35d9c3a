"""The data of the pipeline: pictures, masks, alphas and frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.errors import SegmenterError

Image: TypeAlias = npt.NDArray[np.uint8]
"""A picture in colour: uint8 (h, w, 3), BGR."""

Size: TypeAlias = tuple[int, int]
"""Width and height, pixels."""

Plane: TypeAlias = npt.NDArray[np.uint8]
"""One channel of a picture: uint8 (h, w)."""

Mask: TypeAlias = npt.NDArray[np.float32]
"""A segmenter's raw output at its own size: float32 (h, w) in 0..1, 1 = person."""

Alpha: TypeAlias = npt.NDArray[np.uint8]
"""How much of the camera's picture is shown: uint8 (h, w), 0 = background, 255 = person."""


def check_mask(mask: Mask) -> None:
    """Validate a mask.

    Raises:
        SegmenterError: It is not float32 (h, w) with all values finite and in 0..1.
    """
    if mask.ndim != 2 or mask.size == 0 or mask.dtype != np.float32:
        raise SegmenterError(f"the segmenter gave {mask.dtype} {mask.shape} instead of a mask")
    if not cv2.checkRange(mask, True, minVal=-1e-3, maxVal=1.001)[0]:
        raise SegmenterError("the segmenter gave a mask with values outside 0..1")


@dataclass(frozen=True)
class Frame:
    """One picture of a source.

    Attributes:
        image: uint8 (h, w, 3), BGR.
        captured: When, in seconds on a clock that never runs backwards.
    """

    image: Image
    captured: float


@dataclass(frozen=True)
class Box:
    """A part of a plane, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> tuple[slice, slice]:
        """Index of this part in an array (h, w)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @property
    def chroma_area(self) -> tuple[slice, slice]:
        """Index of this part in a chroma plane, for `x` and `y` that are even."""
        return (
            slice(self.y // 2, (self.y + self.height + 1) // 2),
            slice(self.x // 2, (self.x + self.width + 1) // 2),
        )


@dataclass(frozen=True)
class Cutout:
    """An alpha, and where it is not 0.

    Attributes:
        alpha: uint8 (h, w), 255 = person.
        box: Outside of it `alpha` is 0; its `x` and `y` are even. None where all is 0.
    """

    alpha: Alpha
    box: Box | None


class I420:
    """A planar 4:2:0 picture, as virtual cameras take it: BT.601, limited range.

    The planes are views of one flat buffer, so `data` can be sent as it is.

    Attributes:
        width: Pixels; may be odd (the chroma planes then round up).
        height: Pixels; may be odd.
        data: uint8 (n,), the planes Y, U, V one behind the other.
        y: uint8 (height, width).
        u: uint8 (ceil(height / 2), ceil(width / 2)).
        v: The same shape as `u`.
    """

    def __init__(self, width: int, height: int, buffer: Plane | None = None) -> None:
        """Lay the planes out in `buffer`, uint8 (at least n,), or in newly allocated memory."""
        self.width, self.height = width, height
        cw, ch = (width + 1) // 2, (height + 1) // 2
        luma, chroma = width * height, cw * ch
        size = luma + 2 * chroma
        self.data: Plane = np.empty(size, np.uint8) if buffer is None else buffer[:size]
        self.y: Plane = self.data[:luma].reshape(height, width)
        self.u: Plane = self.data[luma : luma + chroma].reshape(ch, cw)
        self.v: Plane = self.data[luma + chroma :].reshape(ch, cw)

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        """Y, U and V."""
        return self.y, self.u, self.v

    @classmethod
    def from_bgr(cls, image: Image) -> I420:
        """A new picture with the content of `image` (uint8 (h, w, 3), BGR)."""
        picture = cls(image.shape[1], image.shape[0])
        picture.load_bgr(image)
        return picture

    def load_bgr(self, image: Image) -> None:
        """Overwrite the planes with `image`, a BGR picture of the same size."""
        if image.shape != (self.height, self.width, 3):
            raise ValueError(f"image is {image.shape}, not {(self.height, self.width, 3)}")
        if self.width % 2 == 0 and self.height % 2 == 0:
            flat = self.data.reshape(self.height * 3 // 2, self.width)
            cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420, dst=flat)
            return
        even = cv2.copyMakeBorder(
            image, 0, self.height % 2, 0, self.width % 2, cv2.BORDER_REPLICATE
        )
        padded = I420(even.shape[1], even.shape[0])
        padded.load_bgr(np.asarray(even, np.uint8))
        self.y[:] = padded.y[: self.height, : self.width]
        self.u[:] = padded.u
        self.v[:] = padded.v

    def to_bgr(self) -> Image:
        """The picture in BGR: a new uint8 (height, width, 3)."""
        w, h = self.width, self.height
        even = I420(w + w % 2, h + h % 2)
        even.y[:h, :w] = self.y
        even.y[h:, :w] = self.y[-1:]
        even.y[:, w:] = even.y[:, w - 1 : w]
        even.u[:] = self.u
        even.v[:] = self.v
        flat = even.data.reshape(even.height * 3 // 2, even.width)
        bgr = cv2.cvtColor(flat, cv2.COLOR_YUV2BGR_I420)
        return np.ascontiguousarray(bgr[:h, :w], np.uint8)

    def copy_from(self, other: I420) -> None:
        """Overwrite the planes with those of `other`, which has the same size."""
        np.copyto(self.data, other.data)


@dataclass(frozen=True)
class Layer:
    """The part of the camera's picture that a cutout shows, in I420; covers only its box.

    Attributes:
        box: Its place in the frame.
        y: uint8 (box.height, box.width); may be changed, like `u` and `v`.
        u: uint8 (ceil(box.height / 2), ceil(box.width / 2)).
        v: The same shape as `u`.
        alpha: Of the pixels: the shape of `y`.
        chroma_alpha: Of the chroma samples, each the mean of its pixels' alphas.
    """

    box: Box
    y: Plane
    u: Plane
    v: Plane
    alpha: Alpha
    chroma_alpha: Alpha

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        """Y, U and V."""
        return self.y, self.u, self.v

    @property
    def alphas(self) -> tuple[Alpha, Alpha, Alpha]:
        """That of each of the `planes`."""
        return self.alpha, self.chroma_alpha, self.chroma_alpha
