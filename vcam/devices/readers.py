"""Which programs read the virtual camera.

v4l2loopback from 0.13 on sends events when a program starts and stops streaming (`DriverEvents`).
Before that, a program counts once it has mapped the node's buffers, which is required for streaming
(`OpenFiles`). Programs that open the node only to query it, or keep it open without using it, as
PipeWire does, are not counted either way.
"""

from __future__ import annotations

import logging
import math
import sys
from pathlib import Path
from typing import Protocol

from vcam.devices.host import HOST, Host
from vcam.devices.nodes import Holder, find_holders
from vcam.devices.open_events import OpenEvents
from vcam.devices.v4l2 import Device
from vcam.system.descriptors import are_used_up
from vcam.system.waker import Waker

logger = logging.getLogger(__name__)

_REFRESH = 2.0
_SETTLE = 0.1
_LOOK = 0.25
_SHARE = 250.0
"""A look may not be repeated before so many times of what it took: 0.4 % of a core."""


class Readers(Protocol):
    """Tells whether programs read frames from a node.

    One thread calls `watched` and `wait`; any may call `names` and `wake`. Close it before the
    sink that writes to the node.
    """

    def watched(self) -> bool:
        """Whether a program reads now; cheap enough for every frame."""

    def wait(self, seconds: float) -> bool:
        """Wait until the answer of `watched` changes, at most so long; returns it."""

    def wake(self) -> None:
        """Let who waits go on now, where that would take long; also from a signal handler."""

    def names(self) -> list[str] | None:
        """The readers, such as "zoom (process 4242)"; None if that cannot be known."""

    def close(self) -> None:
        """Stop watching; a second call does nothing."""


def watch_readers(path: str, host: Host = HOST) -> Readers | None:
    """Watch a loopback node's readers; None if they cannot be detected.

    Args:
        path: The node, such as /dev/video10; a writer should have it open already.
        host: The machine.
    """
    if sys.platform != "linux":
        return None
    try:
        return DriverEvents(path, host)
    except OSError as error:
        logger.debug("%s does not tell of its readers: %s", path, error)
    try:
        return OpenFiles(path, host)
    except OSError as error:
        logger.debug("%s cannot be watched: %s", path, error)
    return None


class DriverEvents:
    """Readers as reported by the driver's events, on a descriptor of its own.

    Events can be reordered inside the driver, so the subscription is renewed now and then.

    Args:
        path: The node.
        host: The machine.

    Raises:
        OSError: The node cannot be opened (EBUSY: too often already), or does not tell (EINVAL).
    """

    def __init__(self, path: str, host: Host = HOST) -> None:
        self._path, self._host = path, host
        self._device, self._waker = Device(path, host), Waker()
        self._watched, self._refresh_at = False, -math.inf
        try:
            self._refresh()
        except OSError:
            self.close()
            raise

    def watched(self) -> bool:
        """Whether a program streams from the node; those that use `read()` count from 0.15 on."""
        try:
            if self._host.clock() >= self._refresh_at:
                self._refresh()
            self._listen()
        except OSError as error:
            logger.debug("%s no longer tells of its readers: %s", self._path, error)
            self._watched, self._refresh_at = False, math.inf
        return self._watched

    def wait(self, seconds: float) -> bool:
        """Wait until the answer of `watched` changes, at most so long; returns it."""
        before, until = self._watched, self._host.clock() + seconds
        while self.watched() == before and (left := until - self._host.clock()) > 0:
            if self._waker.is_awake:
                break
            if self._refresh_at == math.inf:
                self._host.sleep(left)  # the node has gone; polling it returns at once
            else:
                self._device.wait_event(min(left, _REFRESH), self._waker)
        self._waker.rest()
        return self._watched

    def wake(self) -> None:
        """Let who waits go on now; also from a signal handler."""
        self._waker.wake()

    def names(self) -> list[str] | None:
        """The programs that stream, else those that have the node open while somebody reads."""
        try:
            there = find_holders(self._path, self._host)
            streaming = [holder for holder in there if streams(holder, self._path, self._host)]
        except OSError:  # no more files may be open
            return None
        return _named(streaming or there, self._watched)

    def close(self) -> None:
        """Stop watching; a second call does nothing."""
        self._waker.close()
        self._device.close()

    def _refresh(self) -> None:
        self._device.subscribe_usage()
        self._refresh_at = self._host.clock() + _REFRESH
        self._listen()

    def _listen(self) -> None:
        told = self._device.usage()
        if told is not None:
            self._watched = told


class OpenFiles:
    """Readers according to `/proc`: programs that have the node open and its buffers mapped.

    Looking for those that have it open is dear (some 30 ms where there are 10,000 open files),
    so it is done when inotify says that somebody opened or closed it; those found are looked at
    for mappings a few times a second. No descriptor of the node is held. Not seen: programs of
    other users, and those that use `read()`.

    Args:
        path: The node.
        host: The machine.

    Raises:
        OSError: Its openings cannot be watched.
    """

    def __init__(self, path: str, host: Host = HOST) -> None:
        self._path, self._host = path, host
        self._opens, self._waker = OpenEvents(path, host), Waker()
        self._there: list[Holder] = []
        self._streaming: list[Holder] = []
        self._touched, self._balance = -math.inf, 1  # as if somebody had just opened it
        self._scanned = self._looked = -math.inf
        self._scan_cost = self._look_cost = 0.0

    def watched(self) -> bool:
        """Whether a program has mapped the node's buffers, as seen 0.25 s ago at most."""
        now = self._host.clock()
        self._listen(now)
        try:
            if now >= self._scan_at():
                self._scan(now)
            if now >= self._look_at():
                self._look(now)
        except OSError as error:  # no more files may be open: keep the last answer
            logger.debug("the readers of %s cannot be looked for: %s", self._path, error)
            self._touched, self._balance = now + _LOOK, 1
        return bool(self._streaming)

    def wait(self, seconds: float) -> bool:
        """Wait until the answer of `watched` changes, at most so long; returns it."""
        before, until = bool(self._streaming), self._host.clock() + seconds
        while self.watched() == before and (now := self._host.clock()) < until:
            if self._waker.is_awake:
                break
            due = max(min(until, self._scan_at(), self._look_at()) - now, 0.0)
            self._opens.wait(due, self._waker)
        self._waker.rest()
        return bool(self._streaming)

    def wake(self) -> None:
        """Let who waits go on now; also from a signal handler."""
        self._waker.wake()

    def names(self) -> list[str] | None:
        """The programs that have the node's buffers mapped."""
        return _named(self._streaming, bool(self._streaming))

    def close(self) -> None:
        """Stop watching; a second call does nothing."""
        self._waker.close()
        self._opens.close()

    def _listen(self, now: float) -> None:
        changes = self._opens.read()
        if changes:
            self._balance += sum(changes)
            self._touched = min(self._touched, now)

    def _scan_at(self) -> float:
        """When to search for holders: soon, or in its time where those who came have left."""
        settled = self._touched + _SETTLE
        return settled if self._balance else max(settled, self._scanned + self._scan_cost * _SHARE)

    def _scan(self, now: float) -> None:
        self._touched, self._balance, self._scanned = math.inf, 0, now
        began = self._host.cpu()
        self._there = find_holders(self._path, self._host)
        self._scan_cost = self._host.cpu() - began
        self._looked = -math.inf

    def _look_at(self) -> float:
        if not self._there:
            return -math.inf if self._streaming else math.inf
        return self._looked + max(_LOOK, self._look_cost * _SHARE)

    def _look(self, now: float) -> None:
        self._looked = now
        began = self._host.cpu()
        self._streaming = [h for h in self._there if streams(h, self._path, self._host)]
        self._look_cost = self._host.cpu() - began


def streams(holder: Holder, path: str, host: Host) -> bool:
    """Whether a process has the node's buffers in its memory, as it must to stream.

    Raises:
        OSError: This process may open no more files to look.
    """
    try:
        maps = (host.proc / str(holder.pid) / "maps").read_bytes()
    except OSError as error:  # it has just ended
        if are_used_up(error):
            raise
        return False
    return f" {Path(path).resolve()}\n".encode() in maps


def _named(found: list[Holder], watched: bool) -> list[str] | None:
    if not watched:
        return []
    return [str(holder) for holder in found] or None
