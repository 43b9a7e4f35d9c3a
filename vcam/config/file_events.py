"""Waiting for any change of a file: inotify on the folders that lead to it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from vcam.system import inotify
from vcam.system.inotify import Inotify
from vcam.system.polling import POLLIN, wait_for_any
from vcam.system.waker import Waker

_NAMES = inotify.MOVED_FROM | inotify.MOVED_TO | inotify.CREATED | inotify.DELETED
_ITSELF = inotify.MOVED_ITSELF | inotify.DELETED_ITSELF
_CONTENT = inotify.MODIFIED | inotify.CLOSED_AFTER_WRITING | inotify.ATTRIBUTES
_MOST_LINKS = 40
"""Of one path, as for Linux."""

_LOCAL = {
    0xEF53, 0x9123683E, 0x58465342, 0xF2F52010, 0x01021994, 0x2FC12FC1, 0x794C7630, 0x858458F6,
    0x4D44, 0x5346544E, 0x7366746E, 0x2011BAB0, 0x3153464A, 0x52654973, 0xCA451A4E,
}  # fmt: skip
"""statfs(2): ext4, btrfs, XFS, F2FS, tmpfs, ZFS, overlayfs, ramfs, FAT, NTFS (twice), exFAT, JFS,
ReiserFS, bcachefs: only this computer writes to them, and tells of all that it writes."""


class FileEvents:
    """Waits for events of files: written, renamed over, deleted, behind links, in new folders.

    Every folder on the way to a file is watched, and on the way of each link in it.

    Args:
        paths: The files, absolute; they need not exist.
        waker: Ends a wait.

    Attributes:
        is_sure: Whether nothing can happen to the files without an event: not on a network's file
            system, nor where there are no events.
    """

    def __init__(self, paths: Iterable[Path], waker: Waker) -> None:
        self._waker = waker
        self.is_sure = False
        self._names: dict[int, set[bytes]] = {}
        try:
            self._queue: Inotify | None = Inotify()
        except OSError:
            self._queue = None
            return
        names: dict[Path, set[str]] = {}
        for path in paths:
            for folder, name in steps(path):
                names.setdefault(folder, set()).add(name)
        try:
            for folder, looked_up in names.items():
                self._watch(folder, looked_up)
        except OSError:  # too many watches already
            self.close()
        else:
            self.is_sure = all(map(_is_local, names))

    def _watch(self, folder: Path, names: Iterable[str]) -> None:
        """Have events of these files in a folder; where that is not there, the one above tells."""
        assert self._queue is not None
        try:
            number = self._queue.add(folder, _NAMES | _CONTENT | _ITSELF, only_folders=True)
        except (FileNotFoundError, NotADirectoryError):
            return
        self._names.setdefault(number, set()).update(map(os.fsencode, names))

    def wait(self, seconds: float) -> bool:
        """Wait for an event, at most so long, or until the waker is woken; whether there was one.

        It returns at once where it is closed.
        """
        if self._queue is None:
            return False
        wait_for_any({self._queue.descriptor: POLLIN, **self._waker.events}, seconds)
        self._waker.rest()
        return any(self._concerns(event) for event in self._queue.read())

    def _concerns(self, event: inotify.Event) -> bool:
        if event.watch < 0 or event.mask & (inotify.OVERFLOWN | _ITSELF):
            return True
        return event.name in self._names.get(event.watch, ())

    def close(self) -> None:
        """End it; a second call does nothing."""
        self.is_sure = False
        if self._queue is not None:
            self._queue.close()
            self._queue = None


def steps(path: Path) -> list[tuple[Path, str]]:
    """Each folder on the way to an absolute path, with the name that is looked up in it."""
    found: list[tuple[Path, str]] = []
    todo = list(reversed(path.parts[1:]))
    folder, links = Path(path.anchor), 0
    while todo:
        name = todo.pop()
        if name == "..":
            folder = folder.parent
            continue
        found.append((folder, name))
        try:
            target = (folder / name).readlink()
        except OSError:
            folder /= name
            continue
        links += 1
        if links > _MOST_LINKS:
            break
        if target.is_absolute():
            folder = Path(target.anchor)
        todo.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))
    return found


def _is_local(folder: Path) -> bool:
    """Whether a folder that is there is on a file system of this computer alone."""
    buffer = ctypes.create_string_buffer(256)  # the structure has 120 bytes, the type is its first
    if ctypes.CDLL(None).statfs(os.fsencode(folder), buffer) != 0:
        return True  # where nothing is, nothing happens
    return ctypes.c_ulong.from_buffer(buffer).value in _LOCAL
