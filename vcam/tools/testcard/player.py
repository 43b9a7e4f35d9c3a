"""Playing the test card into the virtual camera."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.tools.testcard.pattern import BITS, Card

_FIRST_FRAMES = 5


class Destination(Protocol):
    """The destination of the card: a subset of `Sink`."""

    def send(self, frame: I420) -> None:
        """Take a frame."""

    def close(self) -> None:
        """Free the device."""


class Player:
    """Sends numbered frames at a steady rate, in a thread of its own, until it is closed.

    Args:
        open_destination: Opens the destination.
        card: The test card.
        fps: Frames per second.

    Attributes:
        sent: When each number was sent last, in seconds of `time.monotonic`.
        problem: Why it has stopped, if it has.

    Raises:
        SinkError: From `open_destination`.
    """

    def __init__(self, open_destination: Callable[[], Destination], card: Card, fps: float) -> None:
        self.sent: dict[int, float] = {}
        self.problem: SinkError | None = None
        self._card, self._period = card, 1 / fps
        self._destination = open_destination()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play, name="test card", daemon=True)
        self._thread.start()

    def __enter__(self) -> Player:
        """Wait for the first frames: without any, a node is not yet listed as a camera."""
        while len(self.sent) < _FIRST_FRAMES and self._thread.is_alive():
            self._ended.wait(self._period)
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._destination.close()

    def _play(self) -> None:
        due, number = time.monotonic(), 0
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            frame = self._card.frame(number)
            self.sent[number] = time.monotonic()
            try:
                self._destination.send(frame)
            except SinkError as error:
                self.problem = error
                return
            number = (number + 1) % (1 << BITS)
            due = max(due + self._period, time.monotonic() - self._period)
