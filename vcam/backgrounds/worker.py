"""A thread that does a background's slow work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol, TypeAlias

logger = logging.getLogger(__name__)

_JOIN_SECONDS = 0.5


class Worker(Protocol):
    """Does work when woken."""

    def wake(self) -> None:
        """There may be something to do. Returns at once."""

    def close(self) -> None:
        """Stop working."""


MakeWorker: TypeAlias = Callable[[Callable[[], bool], Callable[[], None]], Worker]
"""Makes a worker of `work` (does one piece; False if there was nothing to do) and `finish`."""


class ThreadWorker:
    """A thread that works until there is nothing left to do, then sleeps until woken.

    Args:
        work: Does one piece of work; False if there was nothing to do.
        finish: Called in the same thread at the end.
    """

    def __init__(self, work: Callable[[], bool], finish: Callable[[], None]) -> None:
        self._work, self._finish = work, finish
        self._wanted = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._wanted.set()

    def close(self) -> None:
        """Stop after the current piece of work, without waiting long for it."""
        self._stop.set()
        self._wanted.set()
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wanted.wait()
            self._wanted.clear()
            while not self._stop.is_set() and self._does_something():
                pass
        self._finish()

    def _does_something(self) -> bool:
        try:
            return self._work()
        except Exception:  # a bug must not end the slideshow
            logger.exception("a background's thread failed")
            return False


class PromptWorker:
    """Does all pending work as soon as it is woken, in the calling thread.

    With it a background depends only on the frames' times: for processing files, at any speed.

    Args:
        work: Does one piece of work; False if there was nothing to do.
        finish: Called at the end.
    """

    def __init__(self, work: Callable[[], bool], finish: Callable[[], None]) -> None:
        self._work, self._finish = work, finish

    def wake(self) -> None:
        """Do what there is to do."""
        while self._work():
            pass

    def close(self) -> None:
        """Nothing is left undone."""
        self._finish()
