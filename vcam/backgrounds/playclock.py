"""The time that a moving background has been shown for."""

from __future__ import annotations

_LONGEST_STEP = 0.5


class PlayClock:
    """Adds up the time between frames, without the pauses in which nothing was painted.

    Attributes:
        position: Seconds played so far.
    """

    def __init__(self) -> None:
        self.position = 0.0
        self._last: float | None = None

    def advance(self, time: float) -> float:
        """Go on to the frame captured at `time` (seconds, monotonic); gives `position`.

        A gap of more than half a second is a pause, and so is a clock that was set back: the
        position stays where it was.
        """
        if self._last is not None and 0 < time - self._last <= _LONGEST_STEP:
            self.position += time - self._last
        self._last = time
        return self.position
