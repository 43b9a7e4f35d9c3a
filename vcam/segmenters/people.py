"""Which parts of a mask may be people, and where each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vcam.images.person_finder import GROUP, SURE, Components, tell_apart
from vcam.images.region import Region
from vcam.images.types import Mask, Plane

_SEEN = 0.5
_BESIDE = 0.05
"""Share of the largest person: what is smaller than that and apart from everybody is no person."""
_SURROUNDINGS = 5
"""Cells of half the mask's size that are kept round people."""


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
    found = Components.of((half > SURE).view(np.uint8))
    sure = found.at_least(_BESIDE).view(np.uint8)[found.labels]
    if not sure.any():
        return None
    around = cv2.dilate(sure, np.ones((_SURROUNDINGS, _SURROUNDINGS), np.uint8))
    size = (mask.shape[1], mask.shape[0])
    whole = cv2.resize(around, size, interpolation=cv2.INTER_NEAREST)
    return People(np.asarray(whole, np.uint8), _regions(sure, found))


def _regions(sure: Plane, parts: Components) -> list[Region]:
    """Where each person is in `sure`, which has these `parts`."""
    everybody = cv2.boundingRect(sure)
    if everybody[2] < GROUP * everybody[3]:
        return [_region(everybody, sure)]
    found = [box for part in parts.large for box in tell_apart(part.view(np.uint8))]
    regions = sorted((_region(box, sure) for box in found), key=lambda each: each.left)
    # Scraps beside them belong to who is outermost.
    whole = _region(everybody, sure)
    first = regions[0]
    regions[0] = Region(whole.left, first.top, first.right, first.bottom)
    last = regions[-1]
    regions[-1] = Region(last.left, last.top, whole.right, last.bottom)
    return regions


def _region(box: Sequence[int], plane: Plane) -> Region:
    height, width = plane.shape
    left, top, wide, tall = box
    return Region(left / width, top / height, (left + wide) / width, (top + tall) / height)


def shows_most(mask: Mask, people: Mask, share: float) -> bool:
    """Whether at least a share of what is seen in `people` is seen in `mask` too.

    Args:
        mask: float32 (h, w) in 0..1.
        people: The same.
        share: 0..1.
    """
    there = people > _SEEN
    return bool(np.count_nonzero(there & (mask > _SEEN)) >= share * np.count_nonzero(there))
