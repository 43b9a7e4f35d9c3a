"""The clock that frames are dated by, and waiting by it. Tests bring one of their own."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable


def seconds() -> float:
    """Seconds since some moment; unlike `time.monotonic` on Linux it goes on while it sleeps.

    A frame that was captured before the computer was suspended is old when it wakes up.
    """
    if sys.platform == "win32" or _NUMBER is None:
        return time.monotonic()
    return time.clock_gettime(_NUMBER)


def _number() -> int | None:
    """Which of the system's clocks that is; None where `time.monotonic` is such a one."""
    if sys.platform == "win32":
        return None
    name = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}.get(sys.platform, "")
    number: int | None = getattr(time, name, None)
    if number is not None:
        try:
            time.clock_gettime(number)
        except OSError:  # a sandbox that has no such clock
            return None
    return number


_NUMBER = _number()


class Clock:
    """Time as it passes."""

    def now(self) -> float:
        """As `seconds`."""
        return seconds()

    def sleep(self, duration: float) -> None:
        """Let so many seconds pass."""
        time.sleep(duration)

    def wait(
        self, changed: threading.Condition, until: Callable[[], bool], duration: float | None
    ) -> bool:
        """Wait until something is so, at most `duration` seconds; whether it is.

        Args:
            changed: Notified when it may have become so; held by the caller.
            until: Whether it is so; called with `changed` held.
            duration: Seconds; None for as long as it takes.
        """
        return changed.wait_for(until, duration)


CLOCK = Clock()
"""The one that runs."""
