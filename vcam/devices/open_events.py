"""Watching a file being opened and closed, by inotify(7)."""

from __future__ import annotations

from vcam.devices.host import Host
from vcam.system.inotify import CLOSED_AFTER_READING, CLOSED_AFTER_WRITING, OPENED, Inotify
from vcam.system.polling import POLLIN
from vcam.system.waker import Waker


class OpenEvents:
    """Counts openings and closings of one file, including our own.

    Args:
        path: The file; a device node will do.
        host: The machine.

    Raises:
        OSError: It cannot be watched: it is missing, or this user has too many watches.
    """

    def __init__(self, path: str, host: Host) -> None:
        self._host = host
        self._inotify = Inotify()
        try:
            self._inotify.add(path, OPENED | CLOSED_AFTER_WRITING | CLOSED_AFTER_READING)
        except OSError:
            self.close()
            raise

    def read(self) -> list[int]:
        """The balance since the last call: +1 for an opening, -1 for a closing.

        The kernel merges equal consecutive events: the sum is an estimate, not a count.
        """
        return [1 if event.mask & OPENED else -1 for event in self._inotify.read()]

    def wait(self, seconds: float, waker: Waker) -> None:
        """Wait up to that long for an event, or until `waker` is woken."""
        self._host.wait({self._inotify.descriptor: POLLIN, **waker.events}, seconds)

    def close(self) -> None:
        """Stop watching; a second call does nothing."""
        self._inotify.close()
