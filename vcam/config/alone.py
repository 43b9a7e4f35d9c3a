"""One writer at a time: the second waits until the first has read, changed and written."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from vcam.errors import ConfigError

_PATIENCE_SECONDS, _PAUSE = 10.0, 0.02

if sys.platform == "win32":
    import msvcrt

    def _open(folder: Path) -> int:
        """A file of its own: folders cannot be locked there."""
        return os.open(folder / ".vcam.lock", os.O_RDWR | os.O_CREAT)

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _open(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY | os.O_CLOEXEC)

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other writers of the configuration file `path` out meanwhile, threads as well.

    The lock is on the folder, so no file stays behind, and it ends with the process.

    Raises:
        ConfigError: Another has been writing for ten seconds.
    """
    try:
        folder = path.resolve().parent
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _open(folder)
    except (OSError, RuntimeError):  # the reading or writing that follows says it better
        yield
        return
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise ConfigError(f"{path} is being changed by another vcam", "try again")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)
