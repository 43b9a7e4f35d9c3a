"""Named pipes for Windows, through multiprocessing.connection.

Only `send_bytes` and `recv_bytes` are used: nothing that was received is ever unpickled. Windows
lets every user open a pipe, over the network too; so a conversation begins with a secret from a
file that only its owner can read.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import multiprocessing.connection
import os
import secrets
import sys
import time
from multiprocessing.connection import Client
from multiprocessing.connection import Listener as Pipe
from pathlib import Path
from typing import Any, TypeAlias

from vcam.service.channels import MAX_BYTES, TooLongError

if sys.platform == "win32":
    import _winapi
    from multiprocessing.connection import PipeConnection

    Connection: TypeAlias = "PipeConnection[Any, Any] | multiprocessing.connection.Connection"
else:
    Connection: TypeAlias = "multiprocessing.connection.Connection"

_LOOK_EVERY = 0.05
"""Seconds between checks whether a client was aborted."""


class PipeListener:
    """Listens on the pipe that belongs to `path`; as `channels.Listener`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key = secrets.token_bytes(32)
        self._woken = False
        self._pipe = Pipe(address(path))
        _write_private(_key_path(path), self._key)

    def accept(self) -> PipeChannel | None:
        """Wait for the next one; None once `wake` was called."""
        connection = self._pipe.accept()
        if self._woken:
            connection.close()
            return None
        return PipeChannel(connection, expected=self._key)

    def wake(self) -> None:
        """Make `accept` give up, from another thread."""
        self._woken = True
        with contextlib.suppress(OSError):
            Client(address(self._path)).close()

    def close(self) -> None:
        """Free the address."""
        self._pipe.close()
        _key_path(self._path).unlink(missing_ok=True)


class PipeChannel:
    """One connected pipe; as `channels.Channel`.

    Args:
        connection: The pipe.
        expected: The secret that the peer must send first; None if it needs none.
    """

    def __init__(self, connection: Connection, expected: bytes | None = None) -> None:
        self._connection = connection
        self._expected = expected
        self._is_given_up = False

    def receive(self, deadline: float) -> bytes:
        """The next whole message."""
        if self._expected is not None:
            if not hmac.compare_digest(self._next(deadline), self._expected):
                raise PermissionError("the key is wrong")
            self._expected = None
        return self._next(deadline)

    def send(self, message: bytes, deadline: float) -> None:
        """Send a message."""
        self._write(message, deadline)

    def send_blob(self, data: bytes, deadline: float) -> None:
        """Send raw bytes; blocks until the peer has read them."""
        self._write(data, deadline)

    def receive_blob(self, size: int, deadline: float) -> bytes:
        """So many bytes."""
        return self._next(deadline, size)

    def abort(self) -> None:
        """Interrupt `receive` and `send`, which notice it within `_LOOK_EVERY`."""
        self._is_given_up = True

    def close(self) -> None:
        """End the conversation."""
        self._connection.close()

    def _next(self, deadline: float, most: int = MAX_BYTES) -> bytes:
        while not self._connection.poll(_wait_seconds(deadline)):
            self._check(deadline)
        try:
            return self._connection.recv_bytes(most)
        except EOFError:
            raise ConnectionError("the other side has gone") from None
        except OSError as error:
            if "bad message length" in str(error):
                raise TooLongError from error
            raise

    def _write(self, data: bytes, deadline: float) -> None:
        """As the connection's `send_bytes`, which would wait for a reader without end."""
        if sys.platform == "win32":
            handle = self._connection.fileno()
            overlapped, error = _winapi.WriteFile(handle, data, overlapped=True)
            try:
                while error == _winapi.ERROR_IO_PENDING and not _is_done(overlapped, deadline):
                    self._check(deadline)
            except BaseException:
                overlapped.cancel()
                raise
            finally:
                overlapped.GetOverlappedResult(True)
        else:
            self._connection.send_bytes(data)

    def _check(self, deadline: float) -> None:
        """Raise if nobody waits for this conversation any more."""
        if self._is_given_up:
            raise ConnectionAbortedError("it was given up for another client")
        if time.monotonic() >= deadline:
            raise TimeoutError


def connect_pipe(path: Path) -> PipeChannel:
    """As `channels.connect`."""
    key = _key_path(path).read_bytes()
    connection = Client(address(path))
    connection.send_bytes(key)
    return PipeChannel(connection)


def address(path: Path) -> str:
    """The pipe's name for the socket `path`."""
    if os.name != "nt":
        return str(path)
    return rf"\\.\pipe\vcam-{hashlib.sha256(str(path).encode()).hexdigest()[:32]}"


def _wait_seconds(deadline: float) -> float:
    return min(max(deadline - time.monotonic(), 0), _LOOK_EVERY)


if sys.platform == "win32":

    def _is_done(overlapped: _winapi.Overlapped, deadline: float) -> bool:
        milliseconds = int(1000 * _wait_seconds(deadline))
        waited = _winapi.WaitForMultipleObjects([overlapped.event], False, milliseconds)
        return waited == _winapi.WAIT_OBJECT_0


def _key_path(path: Path) -> Path:
    return path.with_suffix(".key")


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
