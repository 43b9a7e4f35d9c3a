"""Somebody at the control socket who writes there what they like."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator

from vcam.service.runtime import Instance

INSTANCE = Instance("Virtual Camera")


@contextlib.contextmanager
def client() -> Iterator[socket.socket]:
    if sys.platform == "win32":
        raise OSError("there are no Unix sockets")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(INSTANCE.socket_path))  # waits while the queue is full
        connection.settimeout(10)
        yield connection
