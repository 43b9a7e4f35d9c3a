"""What this process costs."""

from __future__ import annotations

import os
import time
from pathlib import Path


class Usage:
    """CPU and memory of this process. One thread asks."""

    _LEAST_SECONDS = 1.0

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()
        self._percent = 0.0

    def cpu_percent(self) -> float:
        """Share of one core since it was last asked, or in the last second."""
        wall, cpu = time.monotonic(), time.process_time()
        if wall - self._wall >= self._LEAST_SECONDS:
            self._percent = 100 * (cpu - self._cpu) / (wall - self._wall)
            self._wall, self._cpu = wall, cpu
        return self._percent

    @staticmethod
    def memory_mb() -> float | None:
        """Resident memory in MB; None where the system does not tell."""
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
