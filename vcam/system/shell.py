"""The user's shell, and quoting for it."""

from __future__ import annotations

import functools
import os
import re
import shlex
import sys
from collections.abc import Iterable
from enum import Enum


class Shell(Enum):
    """A command interpreter."""

    POSIX = "sh"
    CMD = "cmd.exe"
    POWERSHELL = "PowerShell"


_BY_NAME = {
    "cmd.exe": Shell.CMD,
    "powershell.exe": Shell.POWERSHELL,
    "pwsh.exe": Shell.POWERSHELL,
    "bash.exe": Shell.POSIX,
    "sh.exe": Shell.POSIX,
}

_PLAIN = re.compile(r"[\w.:\\/@+=\-]+")
"""Words that need no quoting in cmd.exe and PowerShell."""


@functools.cache
def shell() -> Shell:
    """The shell that called this program; on Windows cmd.exe if unknown."""
    if sys.platform == "win32":
        from vcam.system import win32

        return shell_among(win32.ancestors(os.getpid()))
    return Shell.POSIX


def shell_among(programs: Iterable[str]) -> Shell:
    """The shell among the programs that called this one, nearest first.

    A cmd.exe that PowerShell has called runs a script such as vcam.cmd: the user sees PowerShell.
    """
    called_by_cmd = False
    for name in programs:
        found = _BY_NAME.get(name)
        if found is None and called_by_cmd:
            break
        if found is Shell.CMD:
            called_by_cmd = True
        elif found is not None:
            return found
    return Shell.CMD


def quoted(word: object, reader: Shell | None = None) -> str:
    """A word as it is typed, such as a path with blanks.

    Args:
        word: The argument the program should receive.
        reader: The shell that reads it; None for the one that called this program.
    """
    text, reader = str(word), reader or shell()
    if reader is Shell.POSIX:
        return shlex.quote(text)
    if _PLAIN.fullmatch(text):
        return text
    if reader is Shell.POWERSHELL:
        return "'" + text.replace("'", "''") + "'"
    ending = len(text) - len(text.rstrip("\\"))  # programs would take \\" for a quote of the text
    return f'"{text}{text[len(text) - ending :]}"'


def program(word: object, reader: Shell | None = None) -> str:
    """A program's name as it is typed at the beginning of a line."""
    reader = reader or shell()
    typed = quoted(word, reader)
    return f"& {typed}" if reader is Shell.POWERSHELL and typed.startswith("'") else typed


def unlocking(path: object) -> str:
    """The command that makes a file or folder writable for its owner."""
    return f"attrib -R {quoted(path)}" if os.name == "nt" else f"chmod u+w {quoted(path)}"
