"""Handing items from one thread to another without a queue: the newest wins."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

from vcam.realtime.clock import CLOCK, Clock

T = TypeVar("T")


class Latest(Generic[T]):
    """One slot. An item that is not taken in time is replaced, never queued.

    Args:
        clock: Times the waits of `take`.

    Attributes:
        dropped: How many items were replaced before they were taken.
    """

    def __init__(self, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._item: T | None = None
        self._woken = False
        self._changed = threading.Condition()
        self.dropped = 0

    def put(self, item: T) -> T | None:
        """Put `item` into the slot and wake a waiting `take`; returns what it replaced, if any."""
        with self._changed:
            replaced, self._item = self._item, item
            self.dropped += replaced is not None
            self._changed.notify()
            return replaced

    def wake(self) -> None:
        """Have the current or next `take` return None."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def take(self, timeout: float) -> T | None:
        """Take the item out, waiting up to `timeout` seconds for one."""
        with self._changed:
            self._clock.wait(self._changed, lambda: self._item is not None or self._woken, timeout)
            self._woken = False
            item, self._item = self._item, None
            return item
