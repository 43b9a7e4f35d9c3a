"""Choosing a font with the glyphs of a text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from PIL import ImageFont

Font: TypeAlias = ImageFont.FreeTypeFont

_OWN = Path(__file__).with_name("DejaVuSans.ttf")
"""Latin with all accents, Cyrillic, Greek, Arabic, Armenian, Georgian and signs."""
_SYSTEM = (
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "arial.ttf",
    "Arial Unicode.ttf",
    "msyh.ttc",
)
"""Searched in the system's font folders, for Chinese, Japanese and Korean."""
_NO_LETTER = "\U0010fffd"


def font_for(text: str, size: float) -> Font:
    """The first font with all glyphs of `text`, or the one with most of them.

    Args:
        text: What is to be written.
        size: Pixels.
    """
    letters = set(text) - set(" \n\t\r")
    best, fewest = None, len(letters) + 1
    for font in _fonts(size):
        lacks = _lacks(font, letters)
        if lacks < fewest:
            best, fewest = font, lacks
        if not lacks:
            break
    assert best is not None  # Pillow's own is always there
    return best


def _fonts(size: float) -> Iterator[Font]:
    default = ImageFont.load_default(size)  # letters without accents only
    if isinstance(default, ImageFont.FreeTypeFont):
        yield default
    for path in (str(_OWN), *_SYSTEM):
        try:
            yield ImageFont.truetype(path, size)
        except OSError:
            continue


def _lacks(font: Font, letters: set[str]) -> int:
    """How many of `letters` it draws as the missing-glyph box."""
    box = bytes(font.getmask(_NO_LETTER))
    return sum(bytes(font.getmask(letter)) == box for letter in letters)
