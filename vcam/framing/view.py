"""The part of the picture that is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vcam.framing.glide import Place


@dataclass(frozen=True)
class View:
    """A part of the whole picture, of the same proportions; all in shares of the whole.

    Attributes:
        left: Left edge, share of the width.
        top: Upper edge, share of the height.
        size: Width and height, above 0 to 1.
    """

    left: float
    top: float
    size: float

    @classmethod
    def around(cls, x: float, y: float, size: float) -> View:
        """The view of a size that has the point (x, y) as near to its middle as can be."""
        size = min(size, 1.0)
        left = min(max(0.0, x - size / 2), 1 - size)
        top = min(max(0.0, y - size / 2), 1 - size)
        return cls(left, top, size)

    def on_grid(self, width: int, height: int) -> View:
        """The nearest view with edges on whole steps, of which there are `width` and `height`.

        Off the grid the whole picture would have to be interpolated, which softens it.
        """
        across = max(1, round(self.size * width))
        size = across / width
        left = min(round(self.left * width), width - across) / width
        top = min(round(self.top * height), math.floor((1 - size) * height + 1e-6)) / height
        return View(left, top, size)

    def joined(self, other: View) -> View:
        """The smallest view of both."""
        edges = [
            (min(mine, its), max(mine + self.size, its + other.size))
            for mine, its in ((self.left, other.left), (self.top, other.top))
        ]
        size = max(end - begin for begin, end in edges)
        x, y = (sum(both) / 2 for both in edges)
        return View.around(x, y, size)

    @property
    def x(self) -> float:
        """Its middle, share of the whole's width."""
        return self.left + self.size / 2

    @property
    def y(self) -> float:
        """Its middle, share of the whole's height."""
        return self.top + self.size / 2


def place_of(view: View) -> Place:
    """A view as a point, float64 (3,), with its size on a logarithmic scale."""
    return np.array([view.x, view.y, math.log(view.size)])


def view_at(place: Place) -> View:
    """The view that a point stands for, or the nearest that is inside the picture."""
    x, y, size = place
    return View.around(x, y, math.exp(size))


WHOLE = View(0.0, 0.0, 1.0)
"""All of the picture."""
