"""Keeping the output's rate, whatever rate the frames come at. Pure arithmetic on times."""

from __future__ import annotations

_TOLERANCE = 0.03
"""A source with a rate this close to the output's is followed: no frame is dropped or repeated."""


class Throttle:
    """Chooses which frames to use of a source that is faster than the output.

    A token bucket: it gains `fps` tokens a second, and each frame used costs one.

    Args:
        fps: The output's rate.
    """

    def __init__(self, fps: float) -> None:
        self._period = self._interval = 1 / fps
        self._tokens, self._last = 1.0, float("-inf")

    def accepts(self, time: float) -> bool:
        """Whether to use the frame captured at `time` (seconds)."""
        since = min(time - self._last, 2 * self._period)
        self._last = time
        self._interval += 0.1 * (since - self._interval)  # a running mean, because cameras jitter
        if self._interval >= (1 - _TOLERANCE) * self._period:
            return True
        self._tokens = min(2.0, self._tokens + since / self._period)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class OutputClock:
    """Says when the last frame must be repeated because no new one has come.

    New frames are sent immediately. The clock keeps the average rate: it follows a source within 3
    % of the rate, and repeats frames of a slower one.

    Args:
        fps: The promised rate.
        now: Seconds on a monotonic clock.
    """

    def __init__(self, fps: float, now: float) -> None:
        self._period = 1 / fps
        self._due = now

    def patience(self, now: float, steady: bool) -> float:
        """How many seconds to wait for a new frame before the last one is sent again.

        Args:
            now: Seconds.
            steady: Whether new frames come at about the output's rate, so that a slightly late one
                is worth waiting for.
        """
        grace = self._period / 2 if steady else 0.0
        return max(0.0, self._due + grace - now)

    def sent(self, now: float, new: bool) -> None:
        """Note that a frame was sent at `now`, a new one or the last one again."""
        period = self._period
        if not -2 * period < now - self._due < 2 * period:
            self._due = now + period  # a stall or a suspended machine: no catching up
        elif new:
            slack = _TOLERANCE * period
            self._due += min(max(now + period - self._due, period - slack), period + slack)
        else:
            self._due += period


class Beat:
    """Paces a source that has no timing of its own (a file).

    Args:
        fps: The source's rate; 0 for no pacing.
        now: Seconds on a monotonic clock.
    """

    def __init__(self, fps: float, now: float) -> None:
        self._period = 1 / fps if fps > 0 else 0.0
        self._due = now

    def seconds_left(self, now: float) -> float:
        """How long to wait at `now` before the next read."""
        if now - self._due > 1:  # a stall or a suspended machine: go on from now
            self._due = now
        left = max(0.0, self._due - now)
        self._due += self._period
        return left
