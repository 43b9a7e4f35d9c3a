"""Smooth movement from place to place."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Place: TypeAlias = npt.NDArray[np.float64]


class Glide:
    """A point that rests, or moves to a target on a minimum-jerk path and then rests.

    The path is the quintic polynomial of Flash and Hogan 1985: position, velocity and acceleration
    are continuous, even if the target changes on the way. It depends on time alone, not on how
    often it is evaluated.

    Args:
        place: Its initial position, float64 (n,).

    Attributes:
        target: Where it rests, or will come to rest.
    """

    def __init__(self, place: Place) -> None:
        self.target = place
        self._begin, self._seconds = 0.0, 0.0
        self._path = np.zeros((6, len(place)))

    def at(self, time: float) -> Place:
        """Where it is at `time`, seconds; never earlier than the last call of `go`."""
        return self.target if self.rests(time) else self._derivative(time, 0)

    def rests(self, time: float) -> bool:
        """Whether it has arrived."""
        return time >= self._begin + self._seconds

    def go(self, time: float, target: Place, seconds: float) -> None:
        """Move to `target`, starting at `time`, within that many seconds."""
        moves = not self.rests(time)
        place = self.at(time)
        speed = self._derivative(time, 1) * seconds if moves else np.zeros_like(place)
        push = self._derivative(time, 2) * seconds**2 if moves else np.zeros_like(place)
        way = target - place
        # Coefficients for time in units of `seconds`; speed and push are 0 at the end.
        self._path = np.stack([
            place,
            speed,
            push / 2,
            10 * way - 6 * speed - 1.5 * push,
            -15 * way + 8 * speed + 1.5 * push,
            6 * way - 3 * speed - 0.5 * push,
        ])  # fmt: skip
        self.target, self._begin, self._seconds = target, time, seconds

    def _derivative(self, time: float, order: int) -> Place:
        t = (time - self._begin) / self._seconds
        value = np.zeros(self._path.shape[1])
        for power in range(5, order - 1, -1):
            factor = float(np.prod(np.arange(power - order + 1, power + 1)))
            value = value * t + factor * self._path[power]
        return np.asarray(value / self._seconds**order, np.float64)
