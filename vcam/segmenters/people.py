"""Which parts of a mask may be people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vcam.frames import Mask, Plane

_SURE = 0.4
_SMALLEST = 0.002
"""Of the picture: a smaller part is a scrap of the room, or somebody too far away to be cut out."""
_SMALLEST_BESIDE = 0.05
"""Of the largest person: what is smaller than that and apart from everybody is no person."""
_SURROUNDINGS = 5


@dataclass(frozen=True)
class Region:
    """A part of a picture, in fractions of its width and height: 0 left and top."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: Region | None) -> Region:
        """The smallest region with both."""
        if other is None:
            return self
        return Region(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def find_people(mask: Mask) -> tuple[Plane, Region] | None:
    """The parts of `mask` that are large enough to be people.

    Args:
        mask: float32 (h, w) in 0..1.

    Returns:
        uint8 (h, w), 1 in and closely round them, and the region that holds them all; None
        where there is nobody.
    """
    half = mask[::2, ::2]  # people are large; this is four times quicker
    sure = (half > _SURE).view(np.uint8)
    parts, _ = cv2.findContours(sure, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    areas = [cv2.contourArea(part) for part in parts]
    least = max(_SMALLEST_BESIDE * max(areas, default=0), _SMALLEST * half.size)
    large = [part for part, area in zip(parts, areas, strict=True) if area >= least]
    if not large:
        return None
    if len(large) < len(parts):
        people = cv2.drawContours(np.zeros_like(sure), large, -1, 1, cv2.FILLED)
        sure &= np.asarray(people, np.uint8)
    around = cv2.dilate(sure, np.ones((_SURROUNDINGS, _SURROUNDINGS), np.uint8))
    size = (mask.shape[1], mask.shape[0])
    whole = cv2.resize(around, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole, np.uint8), _region(cv2.boundingRect(sure), half.shape)


def _region(box: Sequence[int], shape: tuple[int, ...]) -> Region:
    (x, y, wide, tall), (height, width) = box, shape
    return Region(x / width, y / height, (x + wide) / width, (y + tall) / height)
