"""Watching a file being opened and closed, by inotify(7)."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from vcam.devices.host import POLLIN, Host

_OPEN, _CLOSE_WRITE, _CLOSE_NOWRITE = 0x20, 0x8, 0x10
_EVENT = struct.Struct("iIII")
_ROOM = 4096


class OpenEvents:
    """Counts openings and closings of one file, including our own.

    Args:
        path: The file; a device node will do.
        host: The machine.

    Raises:
        OSError: It cannot be watched: it is missing, or this user has too many watches.
    """

    _descriptor: int

    def __init__(self, path: str, host: Host) -> None:
        self._host = host
        if sys.platform == "win32":
            raise OSError(errno.ENOSYS, "inotify is there on Linux only")
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = _checked(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        mask = ctypes.c_uint32(_OPEN | _CLOSE_WRITE | _CLOSE_NOWRITE)
        try:
            _checked(libc.inotify_add_watch(self._descriptor, os.fsencode(path), mask))
        except OSError:
            self.close()
            raise

    def read(self) -> list[int]:
        """The balance since the last call: +1 for an opening, -1 for a closing.

        The kernel merges equal consecutive events: the sum is an estimate, not a count.
        """
        try:
            data = os.read(self._descriptor, _ROOM)
        except BlockingIOError:
            return []
        masks = [mask for _, mask, _, _ in _EVENT.iter_unpack(data[: len(data) // 16 * 16])]
        return [1 if mask & _OPEN else -1 for mask in masks]

    def wait(self, seconds: float) -> None:
        """Wait up to that long for an event."""
        self._host.wait(self._descriptor, POLLIN, seconds)

    def close(self) -> None:
        """Stop watching; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
