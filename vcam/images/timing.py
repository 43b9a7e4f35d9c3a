"""Time in seconds, whatever a camera's rate: what fades, and what is done now and then."""

from __future__ import annotations

import math

FRAME = 1 / 30
"""Seconds between two pictures where nothing else is known; rates per picture were found at it."""
_LONGEST = 0.2
"""Seconds between two pictures that count: after a longer gap all has not faded at once."""
_EARLY = 0.004
"""Seconds by which something is done too early rather than a picture late: clocks tremble."""


class Steps:
    """The seconds from one call to the next."""

    def __init__(self) -> None:
        self._last: float | None = None

    def take(self, time: float | None) -> float:
        """Seconds since the call before, 0 to 0.2; those of one frame where that is not known.

        Args:
            time: Seconds; None where nobody knows.
        """
        last, self._last = self._last, time
        if last is None or time is None:
            return FRAME
        return min(max(0.0, time - last), _LONGEST)


class Schedule:
    """What is done at the first call, and then so often on average.

    Args:
        seconds: Between two times.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = -math.inf

    def is_due(self, time: float) -> bool:
        """Whether it is time; whoever asks then does it.

        Args:
            time: Seconds.
        """
        if time < self._next - _EARLY:
            return False
        late = time - self._next > self._seconds
        self._next = (time if late else self._next) + self._seconds
        return True


def left(share: float, seconds: float) -> float:
    """What is left after `seconds` of something of which after one frame (1/30 s) `share` is."""
    return float(share ** (seconds / FRAME))
