"""A lock between writers of the configuration: the second waits for the first to finish."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from vcam.errors import ConfigError
from vcam.system.locks import try_lock

_PATIENCE_SECONDS, _PAUSE = 10.0, 0.02


@contextlib.contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Exclude other writers of the configuration file `path`, including threads, inside the block.

    The lock is on the folder, so no file stays behind, and it ends with the process.

    Raises:
        ConfigError: Another has been writing for ten seconds.
    """
    try:
        folder = path.resolve().parent
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _open(folder)
    except (OSError, RuntimeError):  # the read or write that follows gives a better message
        yield
        return
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _locked(descriptor):
            if time.monotonic() > deadline:
                raise ConfigError(f"{path} is being changed by another vcam", "try again")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):  # another process has it open, and will remove it
                _lock_path(folder).unlink()


def _lock_path(folder: Path) -> Path:
    return folder / ".vcam.lock"


def _open(folder: Path) -> int:
    if sys.platform == "win32":  # where folders cannot be locked
        return os.open(_lock_path(folder), os.O_RDWR | os.O_CREAT)
    return os.open(folder, os.O_RDONLY | os.O_CLOEXEC)


def _locked(descriptor: int) -> bool:
    try:
        return try_lock(descriptor)
    except OSError:  # a file system without locks
        return True
