"""The control server of a running vcam: one JSON request, one JSON answer per conversation.

A request is `{"command": "status"}`, with arguments as further keys. The answer is
`{"ok": true, "result": {...}}` or `{"ok": false, "problem": "...", "cure": "..."}`. With `"bytes":
n`, that many bytes follow, and the channel can be used for the next request.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from vcam.errors import ServiceError, VcamError
from vcam.service.channels import MAX_BYTES, Channel, TooLongError, listen
from vcam.service.messages import Answer, encode

logger = logging.getLogger(__name__)


Handler: TypeAlias = Callable[[Mapping[str, Any]], "Mapping[str, Any] | Answer"]

_CLIENT_SECONDS = 2.0
"""Time a client has to send its request, and again to read the answer, seconds."""

_CLIENTS = 8
"""Clients served at once; others wait in the listen queue."""

_ROOM_SECONDS = 0.5
"""How long a new client waits for a stalled one to be dropped, checked every `_LOOK_EVERY`."""

_LOOK_EVERY = 0.02

_FAREWELL = 0.5
"""Seconds that `close` waits for pending answers."""


class ControlServer:
    """Answers requests in threads of its own, so that no client can delay frames.

    Args:
        path: The instance's `socket_path`; the caller holds the instance's lock.
        handle: Given a request, returns the `result` or an `Answer`, or raises a VcamError. Called
            concurrently from several threads.
    """

    def __init__(self, path: Path, handle: Handler) -> None:
        self._path, self._handle = path, handle
        self._stalled: dict[Channel, None] = {}  # stalled clients, the oldest first
        self._slots = threading.BoundedSemaphore(_CLIENTS)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Listen from now on.

        Raises:
            ServiceError: The system does not allow it.
        """
        try:
            self._listener = listen(self._path)
        except OSError as error:
            raise ServiceError(
                f"the control socket {self._path} cannot be made ({error.strerror or error})",
                "set VCAM_RUNTIME_DIR to a folder of your own on a local disk",
            ) from error
        self._thread.start()

    def close(self) -> None:
        """Accept no more requests; pending answers are finished if that is quick."""
        if self._closing.is_set() or not self._thread.is_alive():
            return
        self._closing.set()
        self._listener.wake()
        deadline = time.monotonic() + _FAREWELL
        for _ in range(_CLIENTS):
            self._slots.acquire(timeout=max(deadline - time.monotonic(), 0))
        self._thread.join(_FAREWELL)
        self._listener.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            channel = self._next()
            if channel is None:
                continue
            if not self._has_room():
                channel.close()
                continue
            try:
                threading.Thread(
                    target=self._converse, args=(channel,), name="control-client", daemon=True
                ).start()
            except RuntimeError:  # the system gives no more threads
                channel.close()
                self._slots.release()

    def _next(self) -> Channel | None:
        try:
            return self._listener.accept()
        except OSError as error:  # too many open files, or it left at once
            logger.debug("a client was lost: %s", error)
            self._closing.wait(0.1)
            return None

    def _has_room(self) -> bool:
        """Take a slot; if there is none, drop the client that has stalled longest."""
        deadline = time.monotonic() + _ROOM_SECONDS
        while not self._slots.acquire(blocking=False):
            if time.monotonic() > deadline:
                return False
            with contextlib.suppress(StopIteration, RuntimeError):
                next(iter(self._stalled)).abort()
            if self._slots.acquire(timeout=_LOOK_EVERY):
                return True
        return True

    def _converse(self, channel: Channel) -> None:
        try:
            while self._answer(channel, self._received(channel)) and not self._closing.is_set():
                pass
        except TooLongError:
            with contextlib.suppress(OSError), self._kept_waiting(channel):
                channel.send(_TOO_LONG, time.monotonic() + _CLIENT_SECONDS)
        except OSError as error:
            logger.debug("a client was given up: %r", error)
        finally:
            with contextlib.suppress(OSError):
                channel.close()
            self._slots.release()

    def _received(self, channel: Channel) -> bytes:
        with self._kept_waiting(channel):
            return channel.receive(time.monotonic() + _CLIENT_SECONDS)

    @contextlib.contextmanager
    def _kept_waiting(self, channel: Channel) -> Iterator[None]:
        """Count the client as stalled while it has to send or read something."""
        self._stalled[channel] = None
        try:
            yield
        finally:
            del self._stalled[channel]

    def _answer(self, channel: Channel, message: bytes) -> bool:
        """Send the answer; returns whether another request may follow."""
        header, data = self._result(message)
        deadline = time.monotonic() + _CLIENT_SECONDS
        with self._kept_waiting(channel):
            channel.send(header, deadline)
            if data is not None:
                channel.send_blob(data, deadline)
        return data is not None

    def _result(self, message: bytes) -> tuple[bytes, bytes | None]:
        try:
            found = self._handle(_parse(message))
            if not isinstance(found, Answer):
                return encode({"ok": True, "result": found}), None
            header = {"ok": True, "result": found.result, "bytes": len(found.data)}
            return encode(header), found.data
        except VcamError as error:
            return encode({"ok": False, "problem": error.problem, "cure": error.cure}), None
        except Exception as error:  # whatever it is, the frames go on
            logger.exception("a request could not be answered")
            refusal = {
                "ok": False,
                "problem": f"a fault of vcam itself ({error!r})",
                "cure": "`vcam logs` shows more",
            }
            return encode(refusal), None


def _parse(text: bytes) -> dict[str, Any]:
    try:
        request = json.loads(text)
    except (ValueError, RecursionError):
        raise ServiceError("the request is not JSON") from None
    if not isinstance(request, dict) or not isinstance(request.get("command"), str):
        raise ServiceError('a request looks like {"command": "status"}')
    return request


_TOO_LONG = encode(
    {"ok": False, "problem": f"a request may have {MAX_BYTES} bytes, no more", "cure": ""}
)
