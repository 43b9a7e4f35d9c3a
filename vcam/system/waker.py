"""Ending another thread's wait for a descriptor."""

from __future__ import annotations

import contextlib
import os
import sys

from vcam.system.polling import POLLIN


class Waker:
    """A descriptor that becomes readable when woken. On Windows there is none to poll.

    Attributes:
        is_awake: Whether it was woken since the last `rest`.
        events: What to poll for: the descriptor, and the event. Empty where there is none.
    """

    def __init__(self) -> None:
        self.is_awake = False
        self.events: dict[int, int] = {}
        self._ends: tuple[int, ...] = ()
        if sys.platform != "win32":
            self._ends = os.pipe()
            for end in self._ends:
                os.set_blocking(end, False)
            self.events = {self._ends[0]: POLLIN}

    def wake(self) -> None:
        """End the current or next wait; from any thread or a signal handler."""
        self.is_awake = True
        with contextlib.suppress(OSError, IndexError):  # full: it is awake; closed: nobody waits
            os.write(self._ends[1], b"!")

    def rest(self) -> None:
        """Reset, so that the next wait blocks again."""
        with contextlib.suppress(OSError, IndexError):
            os.read(self._ends[0], 4096)
        self.is_awake = False

    def close(self) -> None:
        """Free the descriptors; a second call does nothing."""
        ends, self._ends, self.events = self._ends, (), {}
        for end in ends:
            os.close(end)
