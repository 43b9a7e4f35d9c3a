"""What Linux tells of files and folders (inotify(7))."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from typing import Any, NamedTuple

MODIFIED, CLOSED_AFTER_WRITING, CLOSED_AFTER_READING, OPENED = 0x2, 0x8, 0x10, 0x20
ATTRIBUTES, MOVED_FROM, MOVED_TO, CREATED, DELETED = 0x4, 0x40, 0x80, 0x100, 0x200
DELETED_ITSELF, MOVED_ITSELF = 0x400, 0x800
OVERFLOWN = 0x4000
"""Events were lost: there were too many."""
_ONLY_FOLDERS = 0x1000000

_LIBRARY: Any = None if sys.platform == "win32" else ctypes.CDLL(None, use_errno=True)
_EVENT = struct.Struct("iIII")
_ROOM = 16384


class Event(NamedTuple):
    """What has happened.

    Attributes:
        watch: The number that `Inotify.add` gave; -1 where events were lost.
        mask: What it was.
        name: In a folder, of what; else empty.
    """

    watch: int
    mask: int
    name: bytes


class Inotify:
    """One queue of events.

    Attributes:
        descriptor: Can be read when there are any.

    Raises:
        OSError: There is none on this system, or this user has too many already.
    """

    def __init__(self) -> None:
        self.descriptor = -1
        if sys.platform == "win32" or not hasattr(_LIBRARY, "inotify_init1"):
            raise OSError(errno.ENOSYS, "inotify is there on Linux only")
        self.descriptor = _checked(_LIBRARY.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def add(self, path: str | bytes, mask: int, only_folders: bool = False) -> int:
        """Watch a file or folder, or change for what; its number.

        Raises:
            OSError: It is not there, may not be read, or this user watches too much already.
        """
        wanted = ctypes.c_uint32(mask | (_ONLY_FOLDERS if only_folders else 0))
        return _checked(_LIBRARY.inotify_add_watch(self.descriptor, os.fsencode(path), wanted))

    def read(self) -> list[Event]:
        """What has happened since the last call; of several equal events in a row there is one."""
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
