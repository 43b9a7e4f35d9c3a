"""Which parts of a mask may be people, and where each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Mask, Plane

_SURE = 0.4
_SEEN = 0.5
_SMALLEST = 0.002
"""Of the picture: a smaller part is a scrap of the room, or somebody too far away to be cut out."""
_SMALLEST_BESIDE = 0.05
"""Of the largest person: what is smaller than that and apart from everybody is no person."""
_PERSON = 0.15
"""Of the largest person: what is smaller than that is looked at together with who is nearest."""
_SURROUNDINGS = 5
GROUP = 1.35
"""Width over height from which more than one person may stand side by side."""
_DROP = 0.12
"""Of a group's height: how far its outline falls between two heads."""
_NARROWEST = 0.2
"""Of a group's height: least width of a person."""
_OVERLAP = 0.1
"""Of a person's width: how far they reach behind the one beside them."""


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

    def widened(self, margin: float) -> Region:
        """With `margin` of its width and height more on each side, within the picture."""
        across, down = margin * (self.right - self.left), margin * (self.bottom - self.top)
        return Region(
            max(0.0, self.left - across),
            max(0.0, self.top - down),
            min(1.0, self.right + across),
            min(1.0, self.bottom + down),
        )

    def area(self, height: int, width: int) -> tuple[slice, slice]:
        """Rows and columns of a picture of that size with any part in the region."""
        return (
            slice(int(self.top * height), min(height, int(np.ceil(self.bottom * height)))),
            slice(int(self.left * width), min(width, int(np.ceil(self.right * width)))),
        )

    @property
    def middle(self) -> float:
        """Of its width."""
        return (self.left + self.right) / 2

    def between(self, left: float, right: float) -> Region:
        """The part of it between two columns."""
        return Region(max(self.left, left), self.top, min(self.right, right), self.bottom)

    def shares(self, other: Region) -> float:
        """Intersection over union of the two."""
        both = self.covers(other) * other._size
        return both / max(1e-9, self._size + other._size - both)

    def covers(self, other: Region) -> float:
        """The share of `other` that is in this one."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height) / max(1e-9, other._size)

    @property
    def _size(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class People:
    """Who is in a mask.

    Attributes:
        around: uint8 (h, w), 1 in and closely round them.
        regions: Where each is, from left to right. People who cannot be told apart share one.
    """

    around: Plane
    regions: list[Region]

    @property
    def region(self) -> Region:
        """The region that holds them all."""
        whole = self.regions[0]
        for region in self.regions[1:]:
            whole = whole.joined(region)
        return whole


def find_people(mask: Mask) -> People | None:
    """The parts of `mask` that are large enough to be people; None where there is nobody.

    Args:
        mask: float32 (h, w) in 0..1, with square pixels.
    """
    half = mask[::2, ::2]  # people are large; this is four times quicker
    sure = (half > _SURE).view(np.uint8)
    count, labels = cv2.connectedComponents(sure, connectivity=4)
    least = _SMALLEST * half.size
    parts = [sure]
    if count > 2:  # mostly there is one part
        areas = np.bincount(labels.ravel())  # OpenCV's own statistics cost much more
        areas[0] = 0
        large = areas >= max(_SMALLEST_BESIDE * areas.max(), least)
        sure = large.view(np.uint8)[labels]
        persons = np.flatnonzero(areas >= max(_PERSON * areas.max(), least))
        parts = [(labels == person).view(np.uint8) for person in persons]
    if cv2.countNonZero(sure) < least:
        return None
    around = cv2.dilate(sure, np.ones((_SURROUNDINGS, _SURROUNDINGS), np.uint8))
    size = (mask.shape[1], mask.shape[0])
    whole = cv2.resize(around, size, interpolation=cv2.INTER_NEAREST)
    return People(np.asarray(whole, np.uint8), _regions(sure, parts))


def _regions(sure: Plane, parts: list[Plane]) -> list[Region]:
    """Where each person is in `sure`, of which `parts` are the large ones."""
    everybody = cv2.boundingRect(sure)
    if everybody[2] < GROUP * everybody[3]:
        return [_region(everybody, sure)]
    found = [box for part in parts for box in tell_apart(part)]
    regions = sorted((_region(box, sure) for box in found), key=lambda each: each.left)
    # Scraps beside them belong to who is outermost.
    whole = _region(everybody, sure)
    first = regions[0]
    regions[0] = Region(whole.left, first.top, first.right, first.bottom)
    last = regions[-1]
    regions[-1] = Region(last.left, last.top, whole.right, last.bottom)
    return regions


Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


def _region(box: Sequence[int], plane: Plane) -> Region:
    height, width = plane.shape
    left, top, wide, tall = box
    return Region(left / width, top / height, (left + wide) / width, (top + tall) / height)


def tell_apart(part: Plane) -> list[Box]:
    """The people in a connected part, uint8 (h, w), told by their heads: their bounding boxes."""
    left, top, wide, tall = cv2.boundingRect(part)
    if wide < GROUP * tall:
        return [(left, top, wide, tall)]
    body = part[top : top + tall, left : left + wide]
    outline = np.where(body.any(0), tall - body.argmax(0), 0)
    ends = [0, *_valleys(outline, round(_DROP * tall), round(_NARROWEST * tall)), wide]
    boxes = []
    for start, end in pairwise(ends):
        reach = round(_OVERLAP * (end - start))
        start, end = max(0, start - reach), min(wide, end + reach)
        x, y, w, h = cv2.boundingRect(np.ascontiguousarray(body[:, start:end]))
        boxes.append((left + start + x, top + y, w, h))
    return boxes


def _valleys(outline: npt.NDArray[np.int_], drop: int, narrowest: int) -> list[int]:
    """Where `outline` falls by `drop` between two heights, at least `narrowest` apart."""
    valleys: list[int] = []
    highest = lowest = outline[0]
    at, falls = 0, False
    for x, height in enumerate(outline):
        if falls:
            if height < lowest:
                lowest, at = height, x
            elif height > lowest + drop:
                falls, highest = False, height
                if at - (valleys[-1] if valleys else 0) >= narrowest <= len(outline) - at:
                    valleys.append(at)
        elif height > highest:
            highest = height
        elif height < highest - drop:
            falls, lowest, at = True, height, x
    return valleys


def shows_most(mask: Mask, people: Mask, share: float) -> bool:
    """Whether at least a share of what is seen in `people` is seen in `mask` too.

    Args:
        mask: float32 (h, w) in 0..1.
        people: The same.
        share: 0..1.
    """
    there = people > _SEEN
    return bool(np.count_nonzero(there & (mask > _SEEN)) >= share * np.count_nonzero(there))
