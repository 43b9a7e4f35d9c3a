"""Rendering a picture as coloured characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from vcam.images.types import Image

_UPPER = "▀"


def is_truecolor(environment: Mapping[str, str]) -> bool:
    """Whether the terminal announces 24-bit colour, not only 256 colours."""
    return environment.get("COLORTERM", "").lower() in ("truecolor", "24bit")


def cells(picture: Image, truecolor: bool) -> Iterator[str]:
    """The rows of characters for `picture`, uint8 (h, w, 3) BGR, two of its rows in each.

    Colours are only emitted where they change.
    """
    codes = _rgb(picture) if truecolor else _palette(picture)
    ink, paper = ("38;2;", "48;2;") if truecolor else ("38;5;", "48;5;")
    name = _rgb_name if truecolor else str
    for upper, lower in zip(codes[::2].tolist(), codes[1::2].tolist(), strict=True):
        row, before = [], (-1, -1)
        for above, below in zip(upper, lower, strict=True):
            if above != before[0]:
                row.append(f"\x1b[{ink}{name(above)}m")
            if below != before[1]:
                row.append(f"\x1b[{paper}{name(below)}m")
            before = above, below
            row.append(_UPPER)
        yield "".join(row) + "\x1b[0m"


def _rgb(picture: Image) -> npt.NDArray[np.int32]:
    """One number per pixel; quantised to 4 levels, for fewer colour changes."""
    blue, green, red = np.moveaxis(picture.astype(np.int32) & 0xFC, 2, 0)
    return np.asarray(red << 16 | green << 8 | blue, np.int32)


def _rgb_name(code: int) -> str:
    return f"{code >> 16};{code >> 8 & 255};{code & 255}"


def _palette(picture: Image) -> npt.NDArray[np.int32]:
    """The nearest of the 6x6x6 colours and 24 greys that terminals have from 16 on."""
    levels = picture.astype(np.int32)
    steps = np.where(levels < 48, 0, np.where(levels < 115, 1, (levels - 35) // 40))
    blue, green, red = np.moveaxis(steps, 2, 0)
    cube = 16 + 36 * red + 6 * green + blue
    mean = levels.mean(axis=2)
    grey = np.clip(np.rint((mean - 8) / 10), 0, 23).astype(np.int32)
    off_grey = np.abs(levels - (8 + 10 * grey)[..., np.newaxis]).sum(axis=2)
    values = np.where(steps == 0, 0, 55 + 40 * steps)
    off_cube = np.abs(levels - values).sum(axis=2)
    return np.asarray(np.where(off_grey < off_cube, 232 + grey, cube), np.int32)
