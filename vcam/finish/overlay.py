"""A picture drawn over everything."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow

from vcam.config.schema.finish import OverlayConfig, Position
from vcam.images.picture_files import load_picture
from vcam.images.resizing import halve
from vcam.images.types import I420, Box, Plane, Size


class Overlay:
    """A logo or name card, blended over finished frames of one size.

    The picture is premultiplied once, in advance; only its rectangle is processed.

    Args:
        picture: RGB or RGBA.
        box: Where it goes in the frame: even numbers all, and its size.
        opacity: Factor for the picture's alpha, 0..1.
    """

    def __init__(self, picture: Pillow.Image, box: Box, opacity: float) -> None:
        size = (box.width, box.height)
        rgba = np.asarray(picture.convert("RGBA").resize(size, Pillow.Resampling.LANCZOS))
        alpha = np.rint(rgba[..., 3] * opacity).astype(np.uint8)
        over_black = rgba[..., 2::-1] * (alpha[..., None] / 255)
        self._box = box
        self._inverse = I420(*size)
        cv2.bitwise_not(alpha, dst=self._inverse.y)
        halve(self._inverse.y, self._inverse.u)
        self._inverse.v[:] = self._inverse.u
        # The conversion is linear: what black would add where the picture lets it through goes.
        self._premultiplied = I420.from_bgr(np.rint(over_black).astype(np.uint8))
        black = I420.from_bgr(np.zeros_like(over_black, np.uint8))
        for plane, zero, inverse in zip(
            self._premultiplied.planes, black.planes, self._inverse.planes, strict=True
        ):
            cv2.subtract(plane, cv2.multiply(zero, inverse, scale=1 / 255), dst=plane)

    def draw(self, out: I420) -> None:
        """Blend it over `out`."""
        areas = (self._box.area, self._box.chroma_area, self._box.chroma_area)
        for plane, area, added, inverse in zip(
            out.planes, areas, self._premultiplied.planes, self._inverse.planes, strict=True
        ):
            part: Plane = plane[area]
            cv2.multiply(part, inverse, dst=part, scale=1 / 255)
            cv2.add(part, added, dst=part)


def make_overlay(config: OverlayConfig, width: int, height: int) -> Overlay | None:
    """The overlay for frames of the given size; None if none is configured.

    Raises:
        PictureError: Its picture cannot be used.
    """
    if config.path is None or not config.opacity:
        return None
    margin = round(config.margin * width)
    most = (round(config.size * width), max(2, height - 2 * margin))

    def place_for(size: Size) -> Size:
        scale = min(most[0] / size[0], most[1] / size[1])
        return _even(size[0] * scale), _even(size[1] * scale)

    picture = load_picture(Path(config.path), place_for)
    size = place_for(picture.size)
    x, y = _corner(config.position, (width, height), size, margin)
    return Overlay(picture, Box(x, y, *size), config.opacity)


def _corner(position: Position, frame: Size, size: Size, margin: int) -> Size:
    """The upper left corner of a picture of that size, on even pixels."""
    free = [whole - part for whole, part in zip(frame, size, strict=True)]
    x, y = (side // 2 for side in free)
    if "left" in position:
        x = min(margin, free[0])
    if "right" in position:
        x = max(0, free[0] - margin)
    if "top" in position:
        y = min(margin, free[1])
    if "bottom" in position:
        y = max(0, free[1] - margin)
    return x // 2 * 2, y // 2 * 2


def _even(length: float) -> int:
    return max(2, int(length / 2) * 2)
