"""The paths of a running vcam's files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import platformdirs

from vcam.errors import ServiceError
from vcam.system.shell import quoted
from vcam.system.user import user_number

if TYPE_CHECKING:
    from vcam.config.schema.output import OutputConfig

ENVIRONMENT = "VCAM_RUNTIME_DIR"
"""Environment variable that overrides the runtime folder."""

_SOCKET_PATH_BYTES = 103
"""The shortest limit of the systems vcam knows (macOS: 104 with the final zero; Linux: 108)."""

_SHORT = Path("/tmp")
"""Base of a short path for sockets, independent of each process's TMPDIR."""

_SUFFIXES = (".lock", ".sock", ".log", ".key")
"""The ends of the names of vcam's own files there."""

_MENDED_BY = f"set {ENVIRONMENT} to a folder of your own"


class Instance(NamedTuple):
    """The vcam of one virtual camera, whether or not it runs.

    Attributes:
        device: The virtual camera as `output.device` names it; for a video file, its path.
    """

    device: str

    @classmethod
    def of(cls, output: OutputConfig) -> Instance:
        """The instance for a configuration's output section."""
        if output.type == "file" and output.path is not None:
            return cls(str(output.path.absolute()))
        return cls(output.device)

    @property
    def name(self) -> str:
        """Base name of its files: readable, and unique for each device."""
        readable = re.sub(r"[^a-z0-9]+", "-", self.device.lower()).strip("-")[:24]
        return f"{readable or 'camera'}-{_digest(self.device)}"

    @property
    def lock_path(self) -> Path:
        """The file that is locked while it runs."""
        return runtime_folder() / f"{self.name}.lock"

    @property
    def socket_path(self) -> Path:
        """Its control socket; in a folder with a short path if the usual one is too long."""
        path = runtime_folder() / f"{self.name}.sock"
        if sys.platform == "win32" or len(os.fsencode(path)) <= _SOCKET_PATH_BYTES:
            return path
        return _made_private(_temporary(_SHORT)) / f"{_digest(str(path))}.sock"

    @property
    def start_log_path(self) -> Path:
        """Its stderr since the last start."""
        return runtime_folder() / f"{self.name}.start.log"

    @property
    def log_path(self) -> Path:
        """Its log; rotated parts end in .1 and .2."""
        return log_folder() / f"{self.name}.log"


def log_folder() -> Path:
    """Where logs are kept from one start to the next; it need not exist."""
    return Path(platformdirs.user_log_path("vcam", appauthor=False))


def runtime_folder() -> Path:
    """The private folder for locks and sockets, created if necessary.

    Raises:
        ServiceError: It cannot be created, belongs to another user, or is accessible to others.
    """
    return _made_private(_place())


def _place() -> Path:
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named).absolute()
    if sys.platform in ("win32", "darwin"):
        return Path(platformdirs.user_runtime_path("vcam", appauthor=False))
    # Where a login sets no XDG_RUNTIME_DIR (su, cron, ssh without PAM), the folder of the
    # user's other logins is the one to meet in.
    for base in (os.environ.get("XDG_RUNTIME_DIR"), f"/run/user/{user_number()}"):
        if base and _is_own_folder(Path(base)):
            return Path(base) / "vcam"
    return _temporary_place()


def _temporary_place() -> Path:
    """A folder for temporary files; if none can be created there, one in the user's home.

    The choice depends only on what exists, so that all commands agree on it.
    """
    named = Path(os.environ.get("TMPDIR") or _SHORT)
    usual = _temporary(named if named.is_absolute() and _is_folder(named) else _SHORT)
    own = Path(platformdirs.user_state_path("vcam", appauthor=False)) / "run"
    if os.path.lexists(usual):
        is_blocked = _is_folder(usual) and _is_read_only(usual)
        return own if is_blocked else usual
    if _is_folder(own):
        return own
    try:
        usual.mkdir(mode=0o700)
    except FileExistsError:
        return usual
    except OSError:  # full, or read-only
        return own
    return usual


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - False where it may not be looked at


def _is_read_only(folder: Path) -> bool:
    if sys.platform == "win32":
        return False  # its users have a place of their own
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _temporary(base: Path) -> Path:
    return base / f"vcam-{user_number()}"


def _is_own_folder(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return path.is_absolute() and stat.S_ISDIR(found.st_mode) and found.st_uid == user_number()


def _made_private(folder: Path) -> Path:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise ServiceError(
            f"the runtime folder {folder} cannot be made ({error.strerror})", _MENDED_BY
        ) from error
    if sys.platform == "win32":
        return folder  # it lies in the user's profile, which Windows keeps from others
    if not stat.S_ISDIR(found.st_mode):
        raise ServiceError(f"the runtime folder {folder} is a link", _MENDED_BY)
    if found.st_uid != user_number():
        raise ServiceError(f"the runtime folder {folder} belongs to another user", _MENDED_BY)
    if found.st_mode & 0o077:
        raise ServiceError(
            f"the runtime folder {folder} is open to other users",
            f"type chmod 700 {quoted(folder)}" if _is_ours_alone(folder) else _MENDED_BY,
        )
    return folder


def _is_ours_alone(folder: Path) -> bool:
    """Whether nothing but vcam's files lies there, so that closing it harms nobody (not `/tmp`)."""
    return all(path.suffix in _SUFFIXES for path in folder.iterdir())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
