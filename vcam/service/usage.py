"""The CPU usage of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Usage:
    """Measures the CPU time of this process; any thread may call it.

    Args:
        wall: Seconds on a monotonic clock.
        cpu: Seconds that the process has used.
    """

    _LEAST_SECONDS = 1.0

    def __init__(
        self,
        wall: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = time.process_time,
    ) -> None:
        self._clocks = wall, cpu
        self._wall, self._cpu = wall(), cpu()
        self._percent = 0.0
        self._asking = threading.Lock()

    def cpu_percent(self) -> float:
        """Percent of one core since the last call, or over the last second."""
        with self._asking:
            wall, cpu = (clock() for clock in self._clocks)
            if wall - self._wall >= self._LEAST_SECONDS:
                self._percent = 100 * (cpu - self._cpu) / (wall - self._wall)
                self._wall, self._cpu = wall, cpu
            return self._percent
