"""Waiting for descriptors (poll(2))."""

from __future__ import annotations

import errno
import sys
from collections.abc import Mapping

POLLIN, POLLPRI = 0x1, 0x2
"""Events of `poll`: data to read; an exceptional condition, such as a V4L2 event."""

if sys.platform == "win32":

    def wait_for_any(events: Mapping[int, int], seconds: float) -> None:
        """Refuse: Windows polls sockets only.

        Raises:
            OSError: Always.
        """
        raise OSError(errno.ENOTTY, "Windows polls sockets only")

else:
    import select

    def wait_for_any(events: Mapping[int, int], seconds: float) -> None:
        """Wait until one of some descriptors has an event that is asked for, at most so long.

        Args:
            events: By descriptor, the events of it.
            seconds: At most.
        """
        poll = select.poll()
        for descriptor, wanted in events.items():
            poll.register(descriptor, wanted)
        poll.poll(seconds * 1000)
