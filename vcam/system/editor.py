"""The user's text editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from vcam.errors import PlatformError

_USUAL = ("notepad.exe",) if sys.platform == "win32" else ("sensible-editor", "nano", "vim", "vi")


def edit_file(path: Path) -> None:
    """Open the file in the editor of $VISUAL or $EDITOR, else a usual one; wait until it ends.

    Raises:
        PlatformError: There is none, or it could not be used.
    """
    command = _editor()
    try:
        code = subprocess.run([*command, os.fspath(path.absolute())], check=False).returncode
    except OSError as error:
        reason = error.strerror or "it is no program"
        raise _refusal(f"the editor {command[0]} cannot be started ({reason})", path) from None
    if code:
        raise _refusal(f"the editor {command[0]} ended with code {code}", path)


def _editor() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        written = os.environ.get(variable, "").strip()
        if written:
            return _words(written, variable)
    for name in _USUAL:
        found = shutil.which(name)
        if found:
            return [found]
    raise PlatformError("no editor is known", "set EDITOR to the one you use, such as nano")


def _words(written: str, variable: str) -> list[str]:
    """A command line as a shell would part it; on Windows a path with blanks may be bare."""
    if sys.platform == "win32" and shutil.which(written):
        return [written]
    try:
        return shlex.split(written, posix=sys.platform != "win32")
    except ValueError:
        raise PlatformError(
            f"${variable} is no command: {written}", f"set {variable} to your editor"
        ) from None


def _refusal(problem: str, path: Path) -> PlatformError:
    return PlatformError(problem, f"set EDITOR to one that works, or open {path} yourself")
