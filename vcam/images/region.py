"""Parts of pictures, independent of their size."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """A part of a picture of any size, in shares of its width and height.

    `Box` is a part in whole pixels; a `View` keeps the picture's proportions and can glide.

    Attributes:
        left: 0 is the picture's left edge.
        top: 0 is its upper edge.
        right: 1 is its right edge.
        bottom: 1 is its lower edge.
    """

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: Region | None) -> Region:
        """The smallest region that contains both."""
        if other is None:
            return self
        return Region(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def widened(self, margin: float) -> Region:
        """The region grown by `margin` of its width and height on each side, within the picture."""
        across, down = margin * (self.right - self.left), margin * (self.bottom - self.top)
        return Region(
            max(0.0, self.left - across),
            max(0.0, self.top - down),
            min(1.0, self.right + across),
            min(1.0, self.bottom + down),
        )

    def pixels(self, width: int, height: int) -> tuple[slice, slice]:
        """Rows and columns of a picture of that size that overlap the region."""
        return (
            slice(int(self.top * height), min(height, math.ceil(self.bottom * height))),
            slice(int(self.left * width), min(width, math.ceil(self.right * width))),
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
