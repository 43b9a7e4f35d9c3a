"""Atomic replacement of a text file."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from vcam.errors import ConfigError
from vcam.system.shell import unlocking


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of the file `path`; create it, and its folder, if missing.

    A symlink stays, and what it points to is replaced. Permissions and, where the system
    allows it, the owner are kept.

    Raises:
        ConfigError: It cannot be written; the file is unchanged.
    """
    try:
        real = path.resolve()
        if real.exists() and not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, "write-protected", str(real))
        real.parent.mkdir(parents=True, exist_ok=True)
        _replace(real, content)
    except OSError as error:
        raise _refusal(path, error) from None


def _replace(real: Path, content: bytes) -> None:
    existing = real.exists()
    scratch = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(scratch, flags, 0o600 if existing else 0o666), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if existing:
            _take_after(real, scratch)
        scratch.replace(real)
    except BaseException:
        with suppress(OSError):
            scratch.unlink()
        raise


def _take_after(real: Path, scratch: Path) -> None:
    """Owner, permissions and extended attributes of `real`, but the time of now."""
    status = real.stat()
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(scratch, status.st_uid, status.st_gid)
    shutil.copystat(real, scratch)
    os.utime(scratch)


def _refusal(path: Path, error: OSError) -> ConfigError:
    problem = f"{path} cannot be written"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ConfigError(f"{problem}: the disk is full", "make room; the file is as it was")
    if error.errno == errno.EROFS:
        return ConfigError(
            f"{problem}: it is on a read-only file system", "use another file, with --config"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        real = path.resolve()
        locked = real if real.exists() and not os.access(real, os.W_OK) else real.parent
        return ConfigError(
            f"{problem}: {locked} is write-protected",
            f"`{unlocking(locked)}`, or use another file, with --config",
        )
    return ConfigError(f"{problem} ({error.strerror})", "use another file, with --config")
