"""The clock that timestamps frames, and waiting on it. Tests use a fake one."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable


def seconds() -> float:
    """Monotonic seconds; unlike `time.monotonic` on Linux they also count suspend.

    So a frame captured before the computer was suspended is old after it resumes.
    """
    if sys.platform == "win32" or _NUMBER is None:
        return time.monotonic()
    return time.clock_gettime(_NUMBER)


def _number() -> int | None:
    """The system clock that does so; None where `time.monotonic` does."""
    if sys.platform == "win32":
        return None
    name = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}.get(sys.platform, "")
    number: int | None = getattr(time, name, None)
    if number is not None:
        try:
            time.clock_gettime(number)
        except OSError:  # a sandbox without that clock
            return None
    return number


_NUMBER = _number()


class Clock:
    """Time as it passes."""

    def now(self) -> float:
        """As `seconds`."""
        return seconds()

    def sleep(self, duration: float) -> None:
        """Sleep for that many seconds."""
        time.sleep(duration)

    def wait(
        self, changed: threading.Condition, until: Callable[[], bool], duration: float | None
    ) -> bool:
        """Wait for a condition, up to `duration` seconds; returns whether it holds.

        Args:
            changed: Notified when the condition may have changed; held by the caller.
            until: The condition; called with `changed` held.
            duration: Seconds; None waits without limit.
        """
        return changed.wait_for(until, duration)


CLOCK = Clock()
"""Real time."""
