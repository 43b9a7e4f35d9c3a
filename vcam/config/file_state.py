"""What one look at a file shows, and whether a series of looks amounts to a change."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

READ_BYTES = 1_000_001
"""So much of a file is read and compared: one byte more than a configuration may have."""

FRESH_SECONDS = 2.5
"""Time stamps may be this coarse (FAT: 2 s): so long after a change the content is compared."""

AWAY_SECONDS = 0.3
"""A file that is gone or empty for less is being saved."""

RESTLESS_SECONDS = 0.5
"""A file that keeps changing for longer is looked at more often, to find it complete."""


@dataclass(frozen=True)
class FileState:
    """A file at one moment.

    Attributes:
        stamp: Device, inode, size, and the times of the last change of content and of status.
        digest: Of the first `READ_BYTES`.
        error: The `errno` why it cannot be read, else 0.
    """

    stamp: tuple[int, ...] = ()
    digest: bytes = b""
    error: int = 0

    @property
    def size(self) -> int:
        """Bytes; 0 where there is nothing to be read."""
        return self.stamp[2] if self.stamp else 0

    def says_the_same_as(self, other: FileState) -> bool:
        """Whether a reader would find no difference, even if the file was saved in between."""
        if self.error or other.error or max(self.size, other.size) > READ_BYTES:
            return self == other
        return self.digest == other.digest


@dataclass(frozen=True)
class WatchedFile:
    """What is known of a watched file.

    Attributes:
        place: Where it is looked for: an absolute path.
        reported: The sighting that its user knows of.
        latest: The newest sighting.
        since: When `latest` was seen first, seconds on a monotonic clock.
        restless: Since when `latest` has not been what was reported; None where it is.
    """

    place: Path
    reported: FileState
    latest: FileState
    since: float
    restless: float | None = None

    def needs_content(self, now: float) -> bool:
        """Whether the next look must read the file even where its stamp is the same."""
        return self.restless is not None or now - self.since <= FRESH_SECONDS

    def is_hasty(self, now: float) -> bool:
        """Whether it has been changing for so long that it must be looked at more often."""
        return self.restless is not None and now - self.restless > RESTLESS_SECONDS


def advance(watched: WatchedFile, seen: FileState, now: float) -> tuple[WatchedFile, bool]:
    """Take in one more sighting; the second value says whether to report it now."""
    if seen != watched.latest:
        restless = now if watched.restless is None else watched.restless
        return replace(watched, latest=seen, since=now, restless=restless), False
    if watched.restless is None:
        return watched, False
    if seen.says_the_same_as(watched.reported):
        return replace(watched, reported=seen, restless=None), False
    if seen.size == 0 and now - watched.since < AWAY_SECONDS:
        return watched, False
    return replace(watched, reported=seen, restless=None), True


def look(path: Path, known: FileState | None = None, ask: bool = True) -> tuple[FileState, bytes]:
    """See what `path` leads to, and read its first `READ_BYTES`.

    Args:
        path: The file, or a link to it.
        known: Where the file's stamp is still that of this sighting nothing is read, and the
            content that is given back is empty.
        ask: Whether to open the file even then: that makes a network file system ask its
            server, where a bare stat may be seconds old. It costs as much again.
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
