"""The test card: patches of known colours, and a number in each frame that a program can read.

    +--------------------------------+
    |  number, 16 bits               |
    |  a bar that travels            |
    |  24 patches in 4 rows of 6     |
    |  a bar that travels            |
    |  the same number, inverted     |
    +--------------------------------+

Everything is placed at fractions of the picture's size, so that it is also found in a scaled
picture, and symmetrically, so that the patches are found in one that is upside down. The number is
at the top and at the bottom: if the two differ, the upper and the lower part come from different
frames (tearing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vcam.images.types import I420, Image
from vcam.tools.testcard.colours import Colours

BITS = 16
ROWS, COLUMNS = 4, 6

_PATCHES = (  # R, G, B
    (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 255, 255), (255, 0, 255), (255, 255, 0),
    (192, 64, 64), (64, 160, 64), (64, 64, 192), (0, 177, 64), (120, 60, 30), (200, 120, 30),
    (255, 219, 172), (241, 194, 125), (224, 172, 105), (198, 134, 66), (141, 85, 36), (92, 56, 35),
    (0, 0, 0), (51, 51, 51), (102, 102, 102), (153, 153, 153), (204, 204, 204), (255, 255, 255),
)  # fmt: skip
"""Primaries and their opposites; muted colours; skins; greys."""

COLOURS: Colours = np.array(_PATCHES, np.float64)[:, ::-1].copy()
"""The patches row by row: float64 (24, 3), BGR."""

_NUMBER_HEIGHT, _BAR_HEIGHT = 1 / 8, 1 / 16
_BLACK, _WHITE, _BAR = 16, 235, 200
_BAR_STEPS, _BAR_WIDTH = 60, 1 / 20


@dataclass(frozen=True)
class Cell:
    """A part of the card, as fractions of its width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def core(self) -> Cell:
        """Its middle, a quarter of its area, free of bleeding from its neighbours."""
        return Cell(
            self.x + self.width / 4, self.y + self.height / 4, self.width / 2, self.height / 2
        )

    def area(self, width: int, height: int) -> tuple[slice, slice]:
        """Its index in an array (height, width)."""
        return (
            slice(round(self.y * height), max(round((self.y + self.height) * height), 1)),
            slice(round(self.x * width), max(round((self.x + self.width) * width), 1)),
        )


def _row(count: int, top: float, height: float) -> list[Cell]:
    return [Cell(index / count, top, 1 / count, height) for index in range(count)]


_TOP = _row(BITS, 0.0, _NUMBER_HEIGHT)
_BOTTOM = _row(BITS, 1 - _NUMBER_HEIGHT, _NUMBER_HEIGHT)
_PATCHES_TOP = _NUMBER_HEIGHT + _BAR_HEIGHT
_PATCH_HEIGHT = (1 - 2 * _PATCHES_TOP) / ROWS
_PATCH_CELLS = [
    cell
    for row in range(ROWS)
    for cell in _row(COLUMNS, _PATCHES_TOP + row * _PATCH_HEIGHT, _PATCH_HEIGHT)
]
CELLS: tuple[Cell, ...] = tuple(cell.core for cell in _TOP + _BOTTOM + _PATCH_CELLS)
"""The cells that are read: the number's bits, highest first; the inverted ones; the patches."""


class Card:
    """Draws the test card.

    Args:
        width: Pixels, even.
        height: Pixels, even.
    """

    def __init__(self, width: int, height: int) -> None:
        picture = np.zeros((height, width, 3), np.uint8)
        for cell, colour in zip(_PATCH_CELLS, COLOURS, strict=True):
            picture[cell.area(width, height)] = colour
        self._blank = I420.from_bgr(picture)
        self._frame = I420(width, height)
        self.width, self.height = width, height

    def frame(self, number: int) -> I420:
        """The frame of that number (0..65535), in memory that the next call overwrites."""
        frame = self._frame
        frame.copy_from(self._blank)
        for index, (top, bottom) in enumerate(zip(_TOP, _BOTTOM, strict=True)):
            is_set = bool(number >> (BITS - 1 - index) & 1)
            frame.y[top.area(self.width, self.height)] = _WHITE if is_set else _BLACK
            frame.y[bottom.area(self.width, self.height)] = _BLACK if is_set else _WHITE
        left = number % _BAR_STEPS / _BAR_STEPS * (1 - _BAR_WIDTH)
        for y in (_NUMBER_HEIGHT, 1 - _PATCHES_TOP):
            bar = Cell(left, y, _BAR_WIDTH, _BAR_HEIGHT)
            frame.y[bar.area(self.width, self.height)] = _BAR
        return frame


@dataclass(frozen=True)
class Sample:
    """The values read from one picture.

    Attributes:
        top: The number at the top.
        bottom: The number at the bottom.
        patches: The patches' mean colours: float64 (24, 3), BGR.
    """

    top: int
    bottom: int
    patches: Colours


def sample(picture: Image) -> Sample:
    """Read a card from a picture of any size, uint8 (h, w, 3), BGR."""
    height, width = picture.shape[:2]
    means = [cv2.mean(picture[cell.area(width, height)])[:3] for cell in CELLS]
    return from_means(means)


def from_means(means: Sequence[Sequence[float]]) -> Sample:
    """Read a card from the mean colours (BGR) of its `CELLS`."""
    values = np.asarray(means, np.float64)
    bright = values[: 2 * BITS].mean(1) > 128
    return Sample(_number(bright[:BITS]), _number(~bright[BITS:]), values[2 * BITS :])


def _number(bits: Sequence[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)
