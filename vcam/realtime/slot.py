"""Handing things from one thread to another without a queue: the newest wins."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

from vcam.realtime.clock import CLOCK, Clock

T = TypeVar("T")


class Latest(Generic[T]):
    """One slot. What is not taken in time is replaced, never queued.

    Args:
        clock: What `take` waits by.

    Attributes:
        dropped: How many items were replaced before anybody took them.
    """

    def __init__(self, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._item: T | None = None
        self._woken = False
        self._changed = threading.Condition()
        self.dropped = 0

    def put(self, item: T) -> T | None:
        """Lay `item` into the slot and wake whoever waits; the item it replaced, if any."""
        with self._changed:
            replaced, self._item = self._item, item
            self.dropped += replaced is not None
            self._changed.notify()
            return replaced

    def wake(self) -> None:
        """Let whoever waits, or waits next, go on with nothing."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def take(self, timeout: float) -> T | None:
        """Empty the slot, waiting up to `timeout` seconds for something to be in it."""
        with self._changed:
            self._clock.wait(self._changed, lambda: self._item is not None or self._woken, timeout)
            self._woken = False
            item, self._item = self._item, None
            return item
