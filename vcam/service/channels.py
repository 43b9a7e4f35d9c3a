"""The protocol of message transports between processes of one user."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol

MAX_BYTES = 64 * 1024
"""A message larger than this is refused."""

MAX_BLOB = 64 * 1024 * 1024
"""Largest block of bytes accepted after a message."""


class TooLongError(ValueError):
    """A message of more than `MAX_BYTES`."""


class Channel(Protocol):
    """One conversation. Deadlines are times of `time.monotonic`."""

    def receive(self, deadline: float) -> bytes:
        """The next whole message.

        Raises:
            TooLongError: It is larger than `MAX_BYTES`.
            OSError: The peer has gone, or missed the deadline (TimeoutError).
        """

    def send(self, message: bytes, deadline: float) -> None:
        """Send a message without line breaks.

        Raises:
            OSError: The peer has gone, or did not read it by the deadline (TimeoutError).
        """

    def send_blob(self, data: bytes, deadline: float) -> None:
        """Send raw bytes; the peer must know how many.

        Raises:
            OSError: As `send`.
        """

    def receive_blob(self, size: int, deadline: float) -> bytes:
        """Receive that many bytes, as sent by `send_blob`.

        Raises:
            OSError: As `receive`.
        """

    def abort(self) -> None:
        """Interrupt `receive` from another thread, and `send` if possible."""

    def close(self) -> None:
        """End the conversation."""


class Listener(Protocol):
    """Accepts conversations."""

    def accept(self) -> Channel | None:
        """Wait for the next one; None once `wake` was called.

        Raises:
            OSError: There was one, but it cannot be accepted now.
        """

    def wake(self) -> None:
        """Interrupt `accept` from another thread."""

    def close(self) -> None:
        """Free the address; no thread may be in `accept`."""


def listen(path: Path) -> Listener:
    """Listen at `path`, which is in the runtime folder and not used by another instance.

    Raises:
        OSError: The system does not allow it.
    """
    if sys.platform == "win32":
        from vcam.service.pipes import PipeListener

        return PipeListener(path)
    else:  # noqa: RET505 - mypy skips a branch that is another system's
        from vcam.service.sockets import SocketListener

        return SocketListener(path)


def connect(path: Path, deadline: float) -> Channel:
    """Begin a conversation.

    Raises:
        OSError: Nobody listens there, or answered by the deadline (TimeoutError).
    """
    if sys.platform == "win32":
        from vcam.service.pipes import connect_pipe

        return connect_pipe(path)
    else:  # noqa: RET505 - mypy skips a branch that is another system's
        from vcam.service.sockets import connect_socket

        return connect_socket(path, deadline)
