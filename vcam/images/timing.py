"""Decay and periodic work in seconds, independent of the camera's rate."""

from __future__ import annotations

import math

FRAME = 1 / 30
"""Assumed seconds between two pictures; rates per picture were tuned at this."""
_LONGEST = 0.2
"""Longest interval that counts: a longer gap must not make everything decay at once."""
_EARLY = 0.004
"""Tolerance in seconds: rather slightly early than a picture late, as clocks jitter."""


class Steps:
    """The seconds from one call to the next."""

    def __init__(self) -> None:
        self._last: float | None = None

    def take(self, time: float | None) -> float:
        """Seconds since the previous call, 0 to 0.2; one frame's if unknown.

        Args:
            time: Seconds; None where nobody knows.
        """
        last, self._last = self._last, time
        if last is None or time is None:
            return FRAME
        return min(max(0.0, time - last), _LONGEST)


class Schedule:
    """Periodic work: due at the first call, and then at the given period on average.

    Args:
        seconds: Between two times.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = -math.inf

    def is_due(self, time: float) -> bool:
        """Whether it is due; the caller must do it then.

        Args:
            time: Seconds.
        """
        if time < self._next - _EARLY:
            return False
        late = time - self._next > self._seconds
        self._next = (time if late else self._next) + self._seconds
        return True


def left(share: float, seconds: float) -> float:
    """The factor left after `seconds` of a decay by `share` per frame (1/30 s)."""
    return float(share ** (seconds / FRAME))
