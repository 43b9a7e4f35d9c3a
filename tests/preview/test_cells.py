from __future__ import annotations

import numpy as np
import pytest

from vcam.images.types import Image
from vcam.preview.cells import cells, is_truecolor


def two(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Image:
    """Three pixels wide, in BGR."""
    return np.array([[upper] * 3, [lower] * 3], np.uint8)


def test_upper_pixel_is_ink_and_lower_one_paper() -> None:
    (row,) = cells(two((0, 0, 252), (252, 0, 0)), truecolor=True)
    assert row == "\x1b[38;2;252;0;0m\x1b[48;2;0;0;252m▀▀▀\x1b[0m"


@pytest.mark.parametrize(
    ("color", "code"),
    [((0, 0, 255), 196), ((0, 0, 0), 16), ((255, 255, 255), 231), ((128, 128, 128), 244)],
)
def test_256_colours_are_the_nearest(color: tuple[int, int, int], code: int) -> None:
    (row,) = cells(two(color, color), truecolor=False)
    assert row.startswith(f"\x1b[38;5;{code}m\x1b[48;5;{code}m▀")


def test_terminal_says_what_colours_it_knows() -> None:
    assert is_truecolor({"COLORTERM": "truecolor"})
    assert not is_truecolor({"TERM": "xterm-256color"})
