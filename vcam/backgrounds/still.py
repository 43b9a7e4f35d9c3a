"""A picture that never changes: a colour, a gradient, a picture file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vcam.backgrounds.base import Steady
from vcam.images.types import I420, Alpha

if TYPE_CHECKING:
    from typing_extensions import Self

NEUTRAL = (58, 64, 72)
"""The dark grey (red, green, blue) that covers the room where a background has no picture."""


class Still(Steady):
    """One picture, whatever the frame; implements `Background`.

    Args:
        picture: Of the output's size; it belongs to the background from now on.
    """

    def __init__(self, picture: I420) -> None:
        self._picture = picture

    @classmethod
    def plain(cls, width: int, height: int, rgb: tuple[int, int, int]) -> Self:
        """One colour.

        Args:
            width: Of the output, pixels.
            height: Of the output, pixels.
            rgb: Red, green and blue, each 0..255.
        """
        return cls(I420.from_bgr(np.full((height, width, 3), rgb[::-1], np.uint8)))

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The picture."""
        return self._picture

    def cover(self, time: float) -> I420:
        """The picture."""
        return self._picture
