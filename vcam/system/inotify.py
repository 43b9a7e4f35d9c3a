"""File events of Linux, through inotify(7)."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path
from typing import Any, NamedTuple

MODIFIED, CLOSED_AFTER_WRITING, CLOSED_AFTER_READING, OPENED = 0x2, 0x8, 0x10, 0x20
ATTRIBUTES, MOVED_FROM, MOVED_TO, CREATED, DELETED = 0x4, 0x40, 0x80, 0x100, 0x200
DELETED_ITSELF, MOVED_ITSELF = 0x400, 0x800
OVERFLOWN = 0x4000
"""The queue overflowed, and events were lost."""
_ONLY_FOLDERS = 0x1000000

_LIBRARY: Any = None if sys.platform == "win32" else ctypes.CDLL(None, use_errno=True)
_EVENT = struct.Struct("iIII")
_ROOM = 16384


class Event(NamedTuple):
    """A file event.

    Attributes:
        watch: The watch descriptor from `Inotify.add`; -1 if events were lost.
        mask: The kind of event.
        name: The name within a watched folder, else empty.
    """

    watch: int
    mask: int
    name: bytes


class Inotify:
    """An inotify instance.

    Attributes:
        descriptor: Becomes readable when there are events.

    Raises:
        OSError: It is not available, or this user has too many instances.
    """

    def __init__(self) -> None:
        self.descriptor = -1
        if sys.platform == "win32" or not hasattr(_LIBRARY, "inotify_init1"):
            raise OSError(errno.ENOSYS, "inotify is there on Linux only")
        self.descriptor = _checked(_LIBRARY.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def add(self, path: str | Path, mask: int, only_folders: bool = False) -> int:
        """Watch a file or folder, or change its mask; returns the watch descriptor.

        Raises:
            OSError: It is missing, may not be read, or this user has too many watches.
        """
        wanted = ctypes.c_uint32(mask | (_ONLY_FOLDERS if only_folders else 0))
        return _checked(_LIBRARY.inotify_add_watch(self.descriptor, os.fsencode(path), wanted))

    def read(self) -> list[Event]:
        """The events since the last call; equal consecutive ones are merged."""
        try:
            data = os.read(self.descriptor, _ROOM)
        except BlockingIOError:
            return []
        events, at = [], 0
        while at + _EVENT.size <= len(data):
            watch, mask, _, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size
            events.append(Event(watch, mask, data[at : at + length].rstrip(b"\0")))
            at += length
        return events

    def close(self) -> None:
        """End it; a second call does nothing."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
