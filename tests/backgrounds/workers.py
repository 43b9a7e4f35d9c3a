from __future__ import annotations

from collections.abc import Callable


class PromptWorker:
    """Does all there is to do as soon as it is woken, in the thread that wakes it."""

    def __init__(self, work: Callable[[], bool], finish: Callable[[], None]) -> None:
        self._work, self._finish = work, finish

    def wake(self) -> None:
        while self._work():
            pass

    def close(self) -> None:
        self._finish()


class IdleWorker(PromptWorker):
    """Never comes to anything."""

    def wake(self) -> None:
        pass


class SlowWorker(PromptWorker):
    """Does one piece each time it is woken."""

    def wake(self) -> None:
        self._work()
