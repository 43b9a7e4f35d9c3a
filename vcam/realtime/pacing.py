"""Keeping the output's rate, whatever rate the frames come at. Pure arithmetic on times."""

from __future__ import annotations

_TOLERANCE = 0.03
"""A source this near to the output's rate is followed as it is: no frame dropped or doubled."""


class Throttle:
    """Says which frames of a source that is faster than the output are used.

    A token bucket: `fps` tokens a second come in, a frame that is used costs one.

    Args:
        fps: The output's rate.
    """

    def __init__(self, fps: float) -> None:
        self._period = self._interval = 1 / fps
        self._tokens, self._last = 1.0, float("-inf")

    def accepts(self, time: float) -> bool:
        """Whether the frame captured at `time` (seconds) is to be used."""
        since = min(time - self._last, 2 * self._period)
        self._last = time
        self._interval += 0.1 * (since - self._interval)  # a running mean, for cameras jitter
        if self._interval >= (1 - _TOLERANCE) * self._period:
            return True
        self._tokens = min(2.0, self._tokens + since / self._period)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class OutputClock:
    """Says when a frame must be sent again because no new one has come.

    A new frame is sent as soon as it is there. The clock keeps the average rate: it follows a
    source within 3 % of the rate, and fills the gaps of a slower one.

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
            steady: New frames come at about the output's rate, so that one that is a little
                late is worth waiting for.
        """
        grace = self._period / 2 if steady else 0.0
        return max(0.0, self._due + grace - now)

    def sent(self, now: float, new: bool) -> None:
        """Note that a frame was sent at `now`, a new one or the last one again."""
        period = self._period
        if not -2 * period < now - self._due < 2 * period:
            self._due = now + period  # a stall or a suspended machine: nothing is made up for
        elif new:
            slack = _TOLERANCE * period
            self._due += min(max(now + period - self._due, period - slack), period + slack)
        else:
            self._due += period


class Beat:
    """Says when to ask a source that keeps no time by itself (a file) for its next picture.

    Args:
        fps: The source's rate; 0 where it is to be asked at once.
        now: Seconds on a monotonic clock.
    """

    def __init__(self, fps: float, now: float) -> None:
        self._period = 1 / fps if fps > 0 else 0.0
        self._due = now

    def seconds_left(self, now: float) -> float:
        """How long to wait at `now` before asking."""
        if now - self._due > 1:  # a stall or a suspended machine: go on from now
            self._due = now
        left = max(0.0, self._due - now)
        self._due += self._period
        return left
