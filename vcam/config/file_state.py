"""Snapshots of a file, and whether a series of them amounts to a change."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

READ_BYTES = 1_000_001
"""Bytes of a file that are read and compared: one more than a configuration may have."""

FRESH_SECONDS = 2.5
"""Timestamps may be this coarse (FAT: 2 s): for so long after a change the content is compared."""

AWAY_SECONDS = 0.3
"""A file that is missing or empty for less than this is being saved."""

RESTLESS_SECONDS = 0.5
"""A file that keeps changing for longer is polled more often, to catch it complete."""


@dataclass(frozen=True)
class FileState:
    """A file at one moment.

    Attributes:
        stamp: Device, inode, size, and the times of the last change of content and of status.
        digest: Of the first `READ_BYTES`.
        error: The `errno` of reading it, 0 if it can be read.
    """

    stamp: tuple[int, ...] = ()
    digest: bytes = b""
    error: int = 0

    @property
    def size(self) -> int:
        """Bytes; 0 if there is nothing to read."""
        return self.stamp[2] if self.stamp else 0

    def has_same_content(self, other: FileState) -> bool:
        """Whether the content is the same, even if the file was saved in between."""
        if self.error or other.error or max(self.size, other.size) > READ_BYTES:
            return self == other
        return self.digest == other.digest


@dataclass(frozen=True)
class WatchedFile:
    """The state of a watched file.

    Attributes:
        place: Its absolute path.
        reported: The snapshot last reported.
        latest: The newest snapshot.
        since: When `latest` was seen first, seconds on a monotonic clock.
        restless: Since when `latest` has differed from what was reported; None if it does not.
    """

    place: Path
    reported: FileState
    latest: FileState
    since: float
    restless: float | None = None

    def needs_content(self, now: float) -> bool:
        """Whether the next snapshot must read the file even if its stamp is unchanged."""
        return self.restless is not None or now - self.since <= FRESH_SECONDS

    def is_hasty(self, now: float) -> bool:
        """Whether it has been changing for so long that it must be polled more often."""
        return self.restless is not None and now - self.restless > RESTLESS_SECONDS


def advance(watched: WatchedFile, seen: FileState, now: float) -> tuple[WatchedFile, bool]:
    """Add a snapshot; the second value says whether to report it now."""
    if seen != watched.latest:
        restless = now if watched.restless is None else watched.restless
        return replace(watched, latest=seen, since=now, restless=restless), False
    if watched.restless is None:
        return watched, False
    if seen.has_same_content(watched.reported):
        return replace(watched, reported=seen, restless=None), False
    if seen.size == 0 and now - watched.since < AWAY_SECONDS:
        return watched, False
    return replace(watched, reported=seen, restless=None), True


def look(path: Path, known: FileState | None = None, ask: bool = True) -> tuple[FileState, bytes]:
    """Take a snapshot of `path`, and read its first `READ_BYTES`.

    Args:
        path: The file, or a link to it.
        known: If the file's stamp still equals that of this snapshot nothing is read, and the
            returned content is empty.
        ask: Whether to open the file even then: that makes a network file system ask its server,
            since a mere stat may be seconds old. It doubles the cost.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe or a device does things
            return FileState(error=errno.EISDIR), b""
        if known is not None and not ask and _stamp(status) == known.stamp:
            return known, b""
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        try:
            return _read(descriptor, known)
        finally:
            os.close(descriptor)
    except OSError as error:
        return FileState(error=error.errno or errno.EIO), b""
    except ValueError:  # a NUL in the name
        return FileState(error=errno.EINVAL), b""


def _read(descriptor: int, known: FileState | None) -> tuple[FileState, bytes]:
    stamp = _stamp(os.fstat(descriptor))
    if known is not None and stamp == known.stamp:
        return known, b""
    content = b""
    while len(content) < READ_BYTES:
        part = os.read(descriptor, READ_BYTES - len(content))
        if not part:
            break
        content += part
    return FileState(stamp, hashlib.blake2b(content).digest()), content


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
