"""A clock that goes on only while somebody waits by it, and then at once."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from collections.abc import Callable

from vcam.realtime.clock import Clock


class FakeClock(Clock):
    """Time of the tests' own; what is to happen at a time is done while somebody waits.

    Attributes:
        time: Seconds; may be set.
    """

    def __init__(self, time: float = 1000.0) -> None:
        self.time = time
        self._agenda: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()

    def at(self, time: float, action: Callable[[], object]) -> None:
        """Have `action` done at that time."""
        heapq.heappush(self._agenda, (time, next(self._numbers), action))

    def now(self) -> float:
        return self.time

    def sleep(self, duration: float) -> None:
        self._pass(lambda: False, self.time + duration)

    def wait(
        self, changed: threading.Condition, until: Callable[[], bool], duration: float | None
    ) -> bool:
        self._pass(until, math.inf if duration is None else self.time + duration)
        return until()

    def _pass(self, until: Callable[[], bool], end: float) -> None:
        while not until():
            if not self._agenda or self._agenda[0][0] > end:
                assert end < math.inf, "it would wait for ever"
                self.time = max(self.time, end)
                return
            time, _, action = heapq.heappop(self._agenda)
            self.time = max(self.time, time)
            action()
