from __future__ import annotations

from vcam.backgrounds.worker import PromptWorker

__all__ = ["IdleWorker", "PromptWorker", "SlowWorker"]


class IdleWorker(PromptWorker):
    """Never comes to anything."""

    def wake(self) -> None:
        pass


class SlowWorker(PromptWorker):
    """Does one piece each time it is woken."""

    def wake(self) -> None:
        self._work()
