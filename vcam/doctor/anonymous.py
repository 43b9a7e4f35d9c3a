"""Removing personal data from a text."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

_SYSTEM = ("/dev/", "/sys/", "/proc/", "/usr/", "/lib", "/etc/", "/bin/", "/sbin/", "/opt/")
"""Folders in which users name nothing."""

_END = r"\s'\"`:,;()<>|"
_PATH = re.compile(rf"(?<![\w.])(?:[A-Za-z]:\\|~?/)[^{_END}]+(?: [^{_END}/]+\.\w{{2,4}})?")
_SERIAL = re.compile(r"(by-(?:id|path)/)\S+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", re.IGNORECASE)
_SHORTEST = 3
"""Shortest name that is replaced: shorter ones occur in ordinary words."""


class Anonymizer:
    """Replaces names, hosts, addresses, serial numbers and the user's own paths.

    The same path always becomes the same `<path1>`, so that references still match.

    Args:
        names: Names of the user and the machine, whole or in parts.
        home: The user's folder.
    """

    def __init__(self, names: Iterable[str], home: Path) -> None:
        parts = {part for name in names for part in re.split(r"[^\w]+", name)}
        wanted = [re.escape(part) for part in {*names, *parts} if len(part) >= _SHORTEST]
        wanted.sort(key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE)
        self._has_names = bool(wanted)
        self._home = str(home)
        self._paths: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text without them."""
        text = _SERIAL.sub(r"\1<serial>", text)
        text = _PATH.sub(lambda found: self._path(found[0]), text.replace(self._home, "~"))
        text = _ADDRESS.sub("<address>", text)
        return self._names.sub("<name>", text) if self._has_names else text

    def _path(self, path: str) -> str:
        if path.startswith(_SYSTEM) or path == "~/" or "<serial>" in path:
            return path
        number = len(self._paths) + 1
        return self._paths.setdefault(path, f"<path{number}{Path(path).suffix}>")


def for_current_user() -> Anonymizer:
    """One for the current user and machine."""
    names = [socket.gethostname()]
    with contextlib.suppress(OSError, KeyError):  # a user may be without a name
        names.append(getpass.getuser())
    if sys.platform != "win32":
        import pwd

        with contextlib.suppress(KeyError):
            names.append(pwd.getpwuid(os.getuid()).pw_gecos)
    return Anonymizer([name for name in names if name not in ("root", "")], Path.home())
