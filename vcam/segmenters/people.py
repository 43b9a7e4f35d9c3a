"""Which parts of a mask may be people."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vcam.images.types import Mask, Plane

_SURE = 0.4
_SEEN = 0.5
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
    count, labels = cv2.connectedComponents(sure, connectivity=4)
    least = _SMALLEST * half.size
    if count > 2:  # mostly there is one part
        areas = np.bincount(labels.ravel())  # OpenCV's own statistics cost much more
        areas[0] = 0
        large = areas >= max(_SMALLEST_BESIDE * areas.max(), least)
        sure = large.view(np.uint8)[labels]
    if cv2.countNonZero(sure) < least:
        return None
    left, top, wide, tall = cv2.boundingRect(sure)
    height, width = half.shape
    region = Region(left / width, top / height, (left + wide) / width, (top + tall) / height)
    around = cv2.dilate(sure, np.ones((_SURROUNDINGS, _SURROUNDINGS), np.uint8))
    size = (mask.shape[1], mask.shape[0])
    whole = cv2.resize(around, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole, np.uint8), region


def shows_most(mask: Mask, people: Mask, share: float) -> bool:
    """Whether at least a share of what is seen in `people` is seen in `mask` too.

    Args:
        mask: float32 (h, w) in 0..1.
        people: The same.
        share: 0..1.
    """
    there = people > _SEEN
    return bool(np.count_nonzero(there & (mask > _SEEN)) >= share * np.count_nonzero(there))
