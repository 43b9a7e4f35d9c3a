"""Drawing text on pictures."""

from __future__ import annotations

import textwrap
from functools import lru_cache

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from vcam.images.types import Image, Plane

_SHADE = 0.35
"""Share of the picture's brightness that is left behind text."""


def write(picture: Image, text: str, x: int, y: int, size: int) -> tuple[int, int]:
    """Write one line in white into `picture`, cut off at its edges.

    Args:
        picture: uint8 (h, w, 3), changed.
        text: One line.
        x: Of its left edge, pixels.
        y: Of its upper edge, pixels.
        size: Of the letters, pixels.

    Returns:
        Width and height of the line.
    """
    letters = letters_of(text, size)
    height, width = letters.shape
    part = picture[y : y + height, x : x + width]
    cover = letters[: part.shape[0], : part.shape[1], np.newaxis].astype(np.uint16)
    part[:] = (part * (255 - cover) + 255 * cover + 127) // 255
    return width, height


def shade(picture: Image, x: int, y: int, width: int, height: int) -> None:
    """Darken a part of `picture`, so that white text is legible on it."""
    part = picture[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)]
    part[:] = (part * _SHADE).astype(np.uint8)


def wrapped(text: str, size: int, width: int, most: int = 3) -> list[str]:
    """`text` in lines that fit into so many pixels; no more than `most` of them."""
    average = max(letters_of("n", size).shape[1], 1)
    return textwrap.wrap(text, max(width // average, 8), max_lines=most, placeholder=" …")


@lru_cache(maxsize=128)
def letters_of(text: str, size: int) -> Plane:
    """The line as coverage, uint8 (h, w); the same height for all texts of a size."""
    font = _font(size)
    width = max(int(font.getlength(text)) + 2, 1)
    canvas = Pillow.new("L", (width, round(1.4 * size)))
    ImageDraw.Draw(canvas).text((1, round(0.1 * size)), text, 255, font=font)
    return np.asarray(canvas, np.uint8)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
