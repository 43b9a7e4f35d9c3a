"""The playing time of a moving background."""

from __future__ import annotations

_LONGEST_STEP = 0.5


class PlayClock:
    """Accumulates the time between frames, without pauses in which nothing was painted.

    Attributes:
        position: Seconds played so far.
    """

    def __init__(self) -> None:
        self.position = 0.0
        self._last: float | None = None

    def advance(self, time: float) -> float:
        """Advance to the frame captured at `time` (seconds, monotonic); returns `position`.

        A gap of more than half a second, or a clock that goes backwards, counts as a pause: the
        position does not change.
        """
        if self._last is not None and 0 < time - self._last <= _LONGEST_STEP:
            self.position += time - self._last
        self._last = time
        return self.position
