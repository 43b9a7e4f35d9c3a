"""Messages between processes of one user: what a transport has to do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol

MAX_BYTES = 64 * 1024
"""A message larger than this is refused."""

MAX_BLOB = 64 * 1024 * 1024
"""More bytes than this are not taken behind a message."""


class TooLongError(ValueError):
    """A message of more than `MAX_BYTES`."""


class Channel(Protocol):
    """One conversation. Deadlines are times of `time.monotonic`."""

    def receive(self, deadline: float) -> bytes:
        """The next whole message.

        Raises:
            TooLongError: It is larger than `MAX_BYTES`.
            OSError: The other side has gone, or was not done by the deadline (TimeoutError).
        """

    def send(self, message: bytes, deadline: float) -> None:
        """Send a message that has no line break in it.

        Raises:
            OSError: The other side has gone, or did not take it by the deadline (TimeoutError).
        """

    def send_blob(self, data: bytes, deadline: float) -> None:
        """Send bytes as they are; the other side knows how many.

        Raises:
            OSError: As `send`.
        """

    def receive_blob(self, size: int, deadline: float) -> bytes:
        """So many bytes, as `send_blob` has sent them.

        Raises:
            OSError: As `receive`.
        """

    def abort(self) -> None:
        """Make `receive` give up, from another thread, and `send` where there is a way."""

    def close(self) -> None:
        """End the conversation."""


class Listener(Protocol):
    """Where conversations begin."""

    def accept(self) -> Channel | None:
        """Wait for the next one; None once `wake` was called.

        Raises:
            OSError: There was one, but it cannot be had now.
        """

    def wake(self) -> None:
        """Make `accept` give up, from another thread."""

    def close(self) -> None:
        """Free the address; nobody may be in `accept` any more."""


def listen(path: Path) -> Listener:
    """Listen where `connect` looks; `path` lies in the runtime folder and is nobody else's.

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
        OSError: Nobody listens there, or did not answer by the deadline (TimeoutError).
    """
    if sys.platform == "win32":
        from vcam.service.pipes import connect_pipe

        return connect_pipe(path)
    else:  # noqa: RET505 - mypy skips a branch that is another system's
        from vcam.service.sockets import connect_socket

        return connect_socket(path, deadline)
