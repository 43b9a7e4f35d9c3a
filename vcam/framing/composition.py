"""The view that shows people best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vcam.framing.heads import Bust
from vcam.framing.view import View

_HEADROOM = 0.6
"""Share of the vertical free space that is above people's heads."""
_SIDES = 0.05
"""Least space beside people, share of the view's width."""


@dataclass(frozen=True)
class Composition:
    """Puts heads and shoulders into a view.

    Attributes:
        fill: Share of the view's height that they fill.
        least: Size of the smallest view, as a share of the whole.
    """

    fill: float
    least: float

    def of(self, busts: Sequence[Bust]) -> View:
        """The view of all `busts`, of which there is at least one."""
        left, right = min(bust.left for bust in busts), max(bust.right for bust in busts)
        top, bottom = min(bust.top for bust in busts), max(bust.bottom for bust in busts)
        x = busts[0].x if len(busts) == 1 else (left + right) / 2
        size = max((bottom - top) / self.fill, (right - left) / (1 - 2 * _SIDES), self.least)
        reach = size * (0.5 - _SIDES)
        x = min(max(x, right - reach), left + reach)
        y = top + size * (0.5 - _HEADROOM * (1 - self.fill))
        return View.around(x, y, size)
