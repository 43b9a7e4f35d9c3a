"""The people that a view follows: where they are, and where they will be soon."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vcam.framing.composition import Composition
from vcam.framing.glide import Place
from vcam.framing.heads import Bust
from vcam.framing.view import View, place_of, view_at

_State: TypeAlias = npt.NDArray[np.float64]  # the best view's place; the heads' left, right, top

_SETTLE_SECONDS = 0.2
"""Time constant of the running mean of observations."""
_LOOKS = 3
"""Observations whose median is used: a single wrong one has no effect."""
_GROWTH = 1.35
"""Largest ratio between the sizes of the same people in two observations."""
_NOWHERE: _State = np.zeros(6)


class TrackedGroup:
    """The best view of a group of people, smoothed over time.

    Args:
        busts: The people; an empty group has no place.
        composition: What the best view is.
    """

    def __init__(self, busts: Sequence[Bust], composition: Composition) -> None:
        self._composition = composition
        self._count, self._height = len(busts), _height(busts)
        state = self._state(busts) if busts else _NOWHERE
        self._looks = deque([state], maxlen=_LOOKS)
        self._mean, self._speed = state, np.zeros_like(state)

    @property
    def is_there(self) -> bool:
        """Whether the group has anybody in it."""
        return self._count > 0

    @property
    def place(self) -> Place:
        """The best view's place."""
        return self._mean[:3]

    def recognises(self, busts: Sequence[Bust]) -> bool:
        """Whether these may be the same people, rather than fragments of a broken matte."""
        if len(busts) != self._count:
            return False
        return not busts or 1 / _GROWTH < _height(busts) / self._height < _GROWTH

    def update(self, busts: Sequence[Bust], step: float) -> None:
        """Add an observation that was recognised, `step` seconds after the last."""
        if not busts:
            return
        self._height += (_height(busts) - self._height) * 0.5
        self._looks.append(self._state(busts))
        now = np.median(self._looks, axis=0)
        self._mean = self._mean + (now - self._mean) * -math.expm1(-step / _SETTLE_SECONDS)
        self._speed = (now - self._mean) / _SETTLE_SECONDS

    def stays_in(self, view: View, seconds: float) -> bool:
        """Whether all heads will still be in `view` by then, as far as they are in the picture."""
        left, right, top = (self._mean + self._speed * seconds)[3:]
        return bool(
            max(left, 0) >= view.left
            and min(right, 1) <= view.left + view.size
            and max(top, 0) >= view.top
        )

    def way_until(self, seconds: float) -> View:
        """The smallest view of where they are now and where they will be by then."""
        return view_at(self.place).joined(view_at((self._mean + self._speed * seconds)[:3]))

    def _state(self, busts: Sequence[Bust]) -> _State:
        heads = (
            min(bust.x - bust.head for bust in busts),
            max(bust.x + bust.head for bust in busts),
            min(bust.top for bust in busts),
        )
        return np.array([*place_of(self._composition.of(busts)), *heads])


def _height(busts: Sequence[Bust]) -> float:
    return sum(bust.bottom - bust.top for bust in busts)
