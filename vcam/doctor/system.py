"""Everything the doctor queries of the machine, as one object that tests can replace."""

from __future__ import annotations

import ctypes
import importlib.metadata
import logging
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import vcam
from vcam import native
from vcam.devices.host import HOST, Host
from vcam.system.user import is_root

logger = logging.getLogger(__name__)

OWN_COMMAND = (sys.executable, str(Path(vcam.__file__).with_name("__main__.py")))
"""Runs this installation of vcam; unlike `python -m vcam` it ignores the current folder."""

_SECONDS = 10.0
_SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""The folders of modinfo; not on every user's PATH."""


def _answer(command: Sequence[str]) -> str | None:
    program = shutil.which(command[0], path=os.pathsep.join((os.environ.get("PATH", ""), *_SBIN)))
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.debug("%s: %s", shlex.join(command), error)
        return None
    return done.stdout


def _run(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(list(command), check=False).returncode == 0
    except OSError as error:
        logger.warning("%s cannot be run (%s)", command[0], error.strerror)
        return False


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _packages() -> dict[str, str]:
    """Installed Python distributions: name in lower case with dashes, to version."""
    return {
        re.sub(r"[-_.]+", "-", str(found.metadata["Name"])).lower(): found.version
        for found in importlib.metadata.distributions()
        if found.metadata["Name"]
    }


def _is_registered(key: str) -> bool:
    if sys.platform != "win32":
        return False
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, key))
    except OSError:
        return False
    return True


def _groups() -> frozenset[str]:
    """The names of the groups this process is in."""
    if sys.platform == "win32":
        return frozenset()
    import grp

    names = set()
    for number in {*os.getgroups(), os.getegid()}:
        try:
            names.add(grp.getgrgid(number).gr_name)
        except KeyError:
            names.add(str(number))
    return frozenset(names)


def _joined() -> frozenset[str]:
    """The groups that list this user as a member, in this session or the next."""
    if sys.platform == "win32":
        return frozenset()
    import grp
    import pwd

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return frozenset()
    return frozenset(group.gr_name for group in grp.getgrall() if name in group.gr_mem)


def _shared_with(path: str) -> str:
    if sys.platform == "win32":
        return ""
    try:
        found = Path(path).stat()
    except OSError:
        return ""
    return Path(path).group() if found.st_gid and found.st_mode & 0o060 == 0o060 else ""


def _home() -> Path:
    """The home folder; a non-existent one if the user has none."""
    return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises then


@dataclass(frozen=True)
class System:
    """The machine, the user and their session.

    Attributes:
        host: Devices, modules, processes and files.
        platform: As `sys.platform`.
        environment: As `os.environ`.
        home: The user's folder.
        answer: A command's stdout; None if it cannot be run or takes too long.
        run: Runs a command that may prompt the user; returns whether it succeeded.
        loads: Whether a shared library can be loaded.
        has_native_half: Whether the installation found a C compiler.
        packages: The Python distributions beside vcam, with their versions.
        is_registered: Whether the Windows registry has a key below HKEY_CLASSES_ROOT.
        groups: The names of the groups this process is in.
        joined: The names of the groups that list the user.
        shared_with: The group that may read and write a file; empty where none may.
        is_root: Whether the user needs no sudo.
    """

    host: Host = HOST
    platform: str = sys.platform
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=_home)
    answer: Callable[[Sequence[str]], str | None] = _answer
    run: Callable[[Sequence[str]], bool] = _run
    loads: Callable[[str], bool] = _loads
    has_native_half: Callable[[], bool] = lambda: native.library() is not None
    packages: Callable[[], Mapping[str, str]] = _packages
    is_registered: Callable[[str], bool] = _is_registered
    groups: Callable[[], frozenset[str]] = _groups
    joined: Callable[[], frozenset[str]] = _joined
    shared_with: Callable[[str], str] = _shared_with
    is_root: Callable[[], bool] = is_root

    def text(self, path: str) -> str:
        """A file's text; empty if it cannot be read.

        Args:
            path: Without the first slash, such as "etc/os-release".
        """
        try:
            return (self.host.root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def has(self, path: str) -> bool:
        """Whether there is such a file or folder; `path` as in `text`."""
        try:
            return (self.host.root / path).exists()
        except OSError:
            return False

    @property
    def container(self) -> str:
        """The kind of container, such as "docker"; empty outside of one."""
        if self.has(".dockerenv"):
            return "docker"
        if self.has("run/.containerenv"):
            return "podman"
        return self.text("run/systemd/container").strip() or self.environment.get("container", "")
