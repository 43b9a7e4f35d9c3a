"""Transport over Unix sockets that only their owner can open; a message is a line."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from vcam.service.channels import MAX_BYTES, TooLongError
from vcam.system.descriptors import are_used_up

assert sys.platform != "win32"  # `pipes` is for that

_WAITING = 16
"""Length of the listen queue."""

_SPARE = 4
"""Reserved descriptors, so that a process at its limit can still answer."""


class SocketListener:
    """Listens at `path`, replacing a stale socket."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spare: list[int] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._woken, self._waker = socket.socketpair()
        try:
            path.unlink(missing_ok=True)
            self._socket.bind(os.fspath(path))
            path.chmod(0o600)
            self._found = path.stat()
            self._socket.listen(_WAITING)
        except OSError:
            self._close_all()
            raise
        self._reserve()
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def accept(self) -> SocketChannel | None:
        """As `channels.Listener.accept`; other users are rejected."""
        while True:
            ready = {key.fileobj for key, _ in self._selector.select()}
            if self._woken in ready:
                return None
            with contextlib.suppress(BlockingIOError):
                connection = self._accepted()
                if _is_own(connection):
                    return SocketChannel(connection, self._reserve)
                connection.close()

    def _accepted(self) -> socket.socket:
        try:
            return self._socket.accept()[0]
        except OSError as error:
            if not (are_used_up(error) and self._spare):
                raise
        self._give_back()  # for this connection, and for what its answer needs
        return self._socket.accept()[0]

    def _reserve(self) -> None:
        with contextlib.suppress(OSError):
            while len(self._spare) < _SPARE and self._socket.fileno() >= 0:
                self._spare.append(os.dup(self._socket.fileno()))

    def _give_back(self) -> None:
        while self._spare:
            os.close(self._spare.pop())

    def wake(self) -> None:
        """Make `accept` give up, from another thread."""
        self._waker.send(b"\0")

    def close(self) -> None:
        """Free the address."""
        self._selector.close()
        self._close_all()
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(self._path.stat(), self._found):  # and not a later one's
                self._path.unlink()

    def _close_all(self) -> None:
        self._give_back()
        for one in (self._socket, self._woken, self._waker):
            one.close()


class SocketChannel:
    """One connected socket; as `channels.Channel`.

    Args:
        connection: The socket.
        on_close: Called when the conversation has ended.
    """

    def __init__(
        self, connection: socket.socket, on_close: Callable[[], None] = lambda: None
    ) -> None:
        self._socket, self._on_close = connection, on_close
        self._rest = b""  # what was received behind a message

    def receive(self, deadline: float) -> bytes:
        """Receive up to the first line break."""
        received, part = bytearray(), self._rest
        while True:
            end = part.find(b"\n")
            received += part if end < 0 else part[:end]
            if len(received) > MAX_BYTES:
                raise TooLongError
            if end >= 0:
                self._rest = part[end + 1 :]
                return bytes(received)
            part = self._more(deadline)

    def receive_blob(self, size: int, deadline: float) -> bytes:
        """So many bytes."""
        received, part = bytearray(), self._rest
        while len(received) + len(part) < size:
            received += part
            part = self._more(deadline)
        end = size - len(received)
        received += part[:end]
        self._rest = part[end:]
        return bytes(received)

    def _more(self, deadline: float) -> bytes:
        self._allow(deadline)
        part = self._socket.recv(MAX_BYTES)
        if not part:
            raise ConnectionError("it ended in the middle of a message")
        return part

    def send(self, message: bytes, deadline: float) -> None:
        """The message and a line break."""
        self.send_blob(message + b"\n", deadline)

    def send_blob(self, data: bytes, deadline: float) -> None:
        """Bytes as they are."""
        self._allow(deadline)
        self._socket.sendall(data)  # the time allowed is for the whole of it

    def abort(self) -> None:
        """Make `receive` and `send` give up, from another thread."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the conversation."""
        self._socket.close()
        self._on_close()

    def _allow(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


def connect_socket(path: Path, deadline: float) -> SocketChannel:
    """As `channels.connect`."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        while not _connected(connection, path):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.02)
    except OSError:
        connection.close()
        raise
    return SocketChannel(connection)


def _connected(connection: socket.socket, path: Path) -> bool:
    """False while the listen queue is full: Linux does not block then."""
    connection.setblocking(False)
    try:
        connection.connect(os.fspath(path))
    except BlockingIOError:
        return False
    return True


def _is_own(connection: socket.socket) -> bool:
    """Whether the peer is this user or root, as far as the system tells."""
    try:
        return _peer(connection) in (None, 0, os.getuid())
    except OSError:
        return False


def _peer(connection: socket.socket) -> int | None:
    """The peer's user id; None if the system does not tell (Linux does)."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    layout = struct.Struct("3i")  # struct ucred: pid, uid, gid
    found = connection.getsockopt(socket.SOL_SOCKET, option, layout.size)
    return int(layout.unpack(found)[1])
