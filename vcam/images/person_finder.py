"""Who is in a mask: the one finder of people, for the crop, the framing and whoever else asks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Plane

SURE = 0.4
"""Mask value from which somebody is there."""
SMALLEST = 0.002
"""Share of the picture: a smaller part is a scrap of the room, or somebody too far away to be cut
out."""
PERSON = 0.15
"""Share of the largest person: a smaller part belongs to whom it is nearest to, such as a hand."""
GROUP = 1.35
"""Width over height from which more than one person may stand side by side."""
_DROP = 0.12
"""Share of a group's height by which its outline falls between two heads."""
_NARROWEST = 0.2
"""Share of a group's height: least width of a person."""
_OVERLAP = 0.1
"""Share of a person's width by which they reach behind the one beside them."""

Cells: TypeAlias = npt.NDArray[np.bool_]
BoundingBox: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True)
class Components:
    """The connected parts of a mask.

    Attributes:
        labels: int32 (h, w): the part that each pixel belongs to, 0 for none.
        areas: Pixels of each part, by its label; that of 0 is 0.
    """

    labels: npt.NDArray[np.int32]
    areas: npt.NDArray[np.int_]

    @classmethod
    def of(cls, sure: Plane) -> Components:
        """Those of `sure`, uint8 (h, w) of zeros and ones."""
        count, labels = cv2.connectedComponents(sure, connectivity=4)
        # OpenCV's own statistics cost much more.
        areas = np.bincount(labels.ravel(), minlength=count)
        areas[0] = 0
        return cls(np.asarray(labels, np.int32), areas)

    def at_least(self, share: float) -> npt.NDArray[np.bool_]:
        """By label: which have a share of the largest one's area, and can be somebody at all."""
        least = max(share * self.areas.max(), SMALLEST * self.labels.size)
        return np.asarray(self.areas >= least)

    @property
    def large(self) -> list[Cells]:
        """Those that are somebody of their own, or several people side by side."""
        return [self.labels == part for part in np.flatnonzero(self.at_least(PERSON))]


def find_persons(sure: Plane) -> list[Cells]:
    """Each person in `sure`, uint8 (h, w) of zeros and ones: bool (h, w)."""
    return [person for part in Components.of(sure).large for person in _cut(part)]


def _cut(part: Cells) -> list[Cells]:
    """A connected part, cut half-way between those who stand in it side by side."""
    boxes = tell_apart(part.view(np.uint8))
    inner = [(x + w + following[0]) // 2 for (x, _, w, _), following in pairwise(boxes)]
    cuts = [0, *inner, part.shape[1]]
    people = []
    for left, right in pairwise(cuts):
        person = np.zeros_like(part)
        person[:, left:right] = part[:, left:right]
        people.append(person)
    return people


def tell_apart(part: Plane) -> list[BoundingBox]:
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
