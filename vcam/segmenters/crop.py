"""The crop that the network evaluates: the people, with a margin."""

from __future__ import annotations

from dataclasses import dataclass

from vcam.images.region import Region

_MARGIN = 0.1
"""Room on each side, in widths or heights of the people."""
_OUTWARDS, _INWARDS = 0.4, 0.8
"""Of the margin: how far people may move towards and away from a side before it follows. A crop
that moves in each frame would make the mask tremble."""
_EDGE = 0.03
"""A side nearer to the picture's edge than this lies on it: half a shoulder is no shoulder."""
_NARROWEST = 0.8
"""Least width of a crop, in its heights: half a person at the edge of the picture, stretched to a
network's square, looks like none."""


@dataclass
class Crop:
    """Follows people with a dead band for each side.

    Attributes:
        region: The part for the network.
        proportions: Of the picture, width over height.
    """

    region: Region
    proportions: float

    @classmethod
    def round(cls, people: Region, proportions: float) -> Crop:
        """A new crop around `people`."""
        return cls(_round(people, proportions), proportions)

    @property
    def is_at_side(self) -> bool:
        """Whether it ends at the picture's left or right edge, where people come and go."""
        return self.region.left == 0 or self.region.right == 1

    def holds(self, people: Region) -> bool:
        """Whether all of `people` is within it."""
        return self.region.joined(people) == self.region

    def follow(self, people: Region) -> bool:
        """Move the sides that are too near to `people`, or too far away.

        Returns:
            Whether it has moved.
        """
        wanted = _round(people, self.proportions)
        across = _MARGIN * (people.right - people.left)
        down = _MARGIN * (people.bottom - people.top)
        now = self.region
        moved = Region(
            _side(now.left, wanted.left, now.left - wanted.left, across),
            _side(now.top, wanted.top, now.top - wanted.top, down),
            _side(now.right, wanted.right, wanted.right - now.right, across),
            _side(now.bottom, wanted.bottom, wanted.bottom - now.bottom, down),
        )
        if moved == now:
            return False
        self.region = moved
        return True


def _side(now: float, wanted: float, outwards: float, margin: float) -> float:
    """Where a side should be that would have to move `outwards` (below 0: inwards)."""
    at_edge = outwards > 0 and wanted in (0, 1)
    if at_edge or outwards > _OUTWARDS * margin or outwards < -_INWARDS * margin - 0.01:
        return wanted
    return now


def _round(people: Region, proportions: float) -> Region:
    """The people with a margin, and not too narrow."""
    region = _with_margin(people)
    width = min(1.0, _NARROWEST * (region.bottom - region.top) / proportions)
    missing = width - (region.right - region.left)
    if missing <= 0:
        return region
    left = min(max(0.0, region.left - missing / 2), 1 - width)
    return Region(left, region.top, left + width, region.bottom)


def _with_margin(people: Region) -> Region:
    across = _MARGIN * (people.right - people.left)
    down = _MARGIN * (people.bottom - people.top)
    left, top = people.left - across, people.top - down
    right, bottom = people.right + across, people.bottom + down
    return Region(
        0.0 if left < _EDGE else left,
        0.0 if top < _EDGE else top,
        1.0 if right > 1 - _EDGE else right,
        1.0 if bottom > 1 - _EDGE else bottom,
    )
