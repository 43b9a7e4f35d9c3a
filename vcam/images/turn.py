"""Rotating a picture by quarter turns, and flipping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from vcam.images.types import Image, Plane

Degrees = Literal[0, 90, 180, 270]


@dataclass(frozen=True)
class Turn:
    """One of the eight orientations of a picture, as operations in this order.

    Attributes:
        quarter: Rotate clockwise by 90 degrees.
        across: Flip left and right.
        down: Flip top and bottom.
    """

    quarter: bool = False
    across: bool = False
    down: bool = False

    @classmethod
    def of(cls, rotate: Degrees = 0, mirror: bool = False, flip: bool = False) -> Turn:
        """Rotate clockwise by that many degrees, then flip left and right, and top and bottom."""
        half = rotate in (180, 270)
        return cls(rotate in (90, 270), half != mirror, half != flip)

    def size_of(self, image: Image) -> tuple[int, int]:
        """Width and height of a picture after turning."""
        height, width = image.shape[:2]
        return self.size((width, height))

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height of a picture of `size` after turning, or before."""
        return (size[1], size[0]) if self.quarter else size

    def apply(self, image: Image) -> Image:
        """The picture turned: a new array, or `image` itself where there is nothing to do."""
        if self.quarter:  # transposed, and then left and right exchanged
            image = np.asarray(cv2.transpose(image), np.uint8)
        code = _FLIPS[self.across != self.quarter, self.down]
        return image if code is None else np.asarray(cv2.flip(image, code), np.uint8)

    def apply_in_place(self, plane: Plane) -> None:
        """Flip a plane, uint8 (h, w), in place; not with `quarter`."""
        code = _FLIPS[self.across, self.down]
        if code is not None:
            cv2.flip(plane, code, dst=plane)


_FLIPS = {(False, False): None, (True, False): 1, (False, True): 0, (True, True): -1}
"""Codes of `cv2.flip` for across, down and both."""
