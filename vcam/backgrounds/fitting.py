"""Fitting a picture of any size into the output's frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from PIL import Image as Pillow

from vcam.images.resizing import shrink
from vcam.images.types import I420, Image, Plane, Size

Fit: TypeAlias = Literal["cover", "contain", "stretch", "tile"]

_Crop: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Fitting:
    """How a picture is placed in the output's frame, dimmed and blurred.

    Attributes:
        width: Of the output, pixels.
        height: Of the output, pixels.
        fit: "cover" fills the frame and crops the rest, "contain" shows the whole picture,
            "stretch" fills the frame and distorts, "tile" repeats the picture at its own size.
        color: Red, green and blue of the bars beside a contained picture and behind transparent
            parts.
        focus: For "cover": the point (x and y, 0..1 of the picture) to keep nearest to the middle.
        brightness: Factor for all colours of the frame.
        blur: 0 (none) to 1 (light and colours only).
    """

    width: int
    height: int
    fit: Fit = "cover"
    color: tuple[int, int, int] = (0, 0, 0)
    focus: tuple[float, float] = (0.5, 0.5)
    brightness: float = 1.0
    blur: float = 0.0

    def place(self, picture: Size) -> Size:
        """The size of the whole picture in the frame, including cropped parts."""
        if self.fit == "stretch":
            return self.width, self.height
        if self.fit == "tile":
            return picture
        scales = (self.width / picture[0], self.height / picture[1])
        scale = max(scales) if self.fit == "cover" else min(scales)
        return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))

    def still(self, picture: Pillow.Image) -> I420:
        """A new picture from `picture` (RGB or RGBA), resampled at high quality."""
        fitted = picture
        if self.fit == "cover":
            frame = (self.width, self.height)
            box = self._crop(picture.size)
            fitted = picture.resize(frame, Pillow.Resampling.LANCZOS, box=box)
        elif self.fit != "tile":
            fitted = picture.resize(self.place(picture.size), Pillow.Resampling.LANCZOS)
        plain = Pillow.new("RGB", fitted.size, self.color)
        plain.paste(fitted, mask=fitted if fitted.mode == "RGBA" else None)
        out = I420(self.width, self.height)
        self._finish(np.ascontiguousarray(np.asarray(plain)[..., ::-1]), out)
        return out

    def frame(self, image: Image, out: I420) -> None:
        """Write a video's frame, uint8 (h, w, 3) BGR, to `out`, with fast resampling."""
        h, w = image.shape[:2]
        left, top, right, bottom = (round(edge) for edge in self._crop((w, h)))
        kept = image[top : max(bottom, top + 1), left : max(right, left + 1)]
        width, height = (self.width, self.height) if self.fit == "cover" else self.place((w, h))
        if (kept.shape[1], kept.shape[0]) != (width, height):
            smaller = shrink(kept, min(width, kept.shape[1]), min(height, kept.shape[0]))
            kept = np.asarray(cv2.resize(smaller, (width, height)), np.uint8)
        self._finish(kept, out)

    def _crop(self, picture: Size) -> _Crop:
        """Left, top, right and lower edge of the part of a picture that is shown."""
        width, height = picture
        if self.fit != "cover":
            return 0, 0, width, height
        scale = min(width / self.width, height / self.height)
        wide, high = self.width * scale, self.height * scale
        left = min(max(0.0, self.focus[0] * width - wide / 2), width - wide)
        top = min(max(0.0, self.focus[1] * height - high / 2), height - high)
        return left, top, left + wide, top + high

    def _finish(self, fitted: Image, out: I420) -> None:
        """Place `fitted` in the frame, dim and blur it, and write it to `out`."""
        framed = self._tiled(fitted) if self.fit == "tile" else self._centred(fitted)
        if self.brightness != 1:
            framed = np.asarray(cv2.convertScaleAbs(framed, alpha=self.brightness), np.uint8)
        out.load_bgr(framed)
        if self.blur > 0:
            _blur_picture(out, self.height * 0.06 * self.blur)

    def _tiled(self, picture: Image) -> Image:
        height, width = picture.shape[:2]
        times = (-(-self.height // height), -(-self.width // width), 1)
        tiles = np.tile(picture[: self.height, : self.width], times)
        return np.ascontiguousarray(tiles[: self.height, : self.width])

    def _centred(self, picture: Image) -> Image:
        height, width = picture.shape[:2]
        if (width, height) == (self.width, self.height):
            return picture
        canvas = np.full((self.height, self.width, 3), self.color[::-1], np.uint8)
        left, top = (self.width - width) // 2, (self.height - height) // 2
        canvas[top : top + height, left : left + width] = picture
        return canvas


def _blur_picture(picture: I420, sigma: float) -> None:
    """Gaussian blur of `sigma` pixels, in place; done on a reduced picture where it is wide."""
    _blur(picture.y, sigma)
    _blur(picture.u, sigma / 2)
    _blur(picture.v, sigma / 2)


def _blur(plane: Plane, sigma: float) -> None:
    height, width = plane.shape
    cell = next((size for size in (16, 8, 4, 2) if size <= sigma / 2), 1)
    small = cv2.resize(plane, (-(-width // cell), -(-height // cell)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(sigma / cell, 0.1), borderType=cv2.BORDER_REPLICATE)
    plane[:] = np.asarray(
        cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8
    )
