"""Reading and decoding the bytes of a configuration file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vcam.system.descriptors import are_used_up
from vcam.system.shell import quoted

MAX_BYTES = 1_000_000
"""A larger file is not a configuration."""

_TOO_LARGE = ("too large for a configuration", "did you name a picture or a video?")
_SAVE = 'save it as UTF-8: in an editor by "Save as", there "Encoding"'


class TextError(Exception):
    """A file that is not the text of a configuration.

    Args:
        found: What is wrong.
        fix: What to do about it.
        place: Line and column, from 1, if known.
    """

    def __init__(self, found: str, fix: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(found, fix)
        self.found, self.fix, self.place = found, fix, place


def read_bytes(path: Path) -> bytes:
    """The content of a regular file; never blocks on a pipe or a device.

    Raises:
        TextError: It is missing, not a regular file, unreadable or too large.
    """
    # A pipe without a writer would block in open, and one with a writer cannot be watched.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        _check_kind(path.stat().st_mode)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            _check_kind(os.fstat(descriptor).st_mode)
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise TextError("no such file", f"`vcam config init {quoted(path)}` writes one") from None
    except OSError as error:
        cure = "restart the program" if are_used_up(error) else "check its permissions"
        raise TextError(f"cannot be read ({error.strerror})", cure) from None
    except ValueError:
        raise TextError("no file can have this name", "name the YAML file") from None
    if len(content) > MAX_BYTES:
        raise TextError(*_TOO_LARGE)
    return content


def _check_kind(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise TextError("this is a directory", "name the YAML file in it")
    if not stat.S_ISREG(mode):
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"
        raise TextError(f"this is {kind}, not a file", "save the YAML as a file and name that")


def decoded(content: bytes) -> str:
    """A file's text, without a byte order mark.

    Raises:
        TextError: It is not UTF-8, or too large.
    """
    if len(content) > MAX_BYTES:
        raise TextError(*_TOO_LARGE)
    if b"\0" in content:
        raise _no_text(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_utf8(content, error) from None


def _no_text(content: bytes) -> TextError:
    begin = content[:200]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or not (any(begin[1::2]) and any(begin[::2])):
        return TextError("this is not a text file in UTF-8, but in UTF-16", _SAVE)
    return TextError("this is not a text file in UTF-8", "name the YAML file")


def _no_utf8(content: bytes, error: UnicodeDecodeError) -> TextError:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    byte = content[error.start]
    guess = bytes([byte]).decode("latin-1")
    sign = f', "{guess}" in Latin-1' if guess.isprintable() else ""
    found = f"this is not a text file in UTF-8 (the byte 0x{byte:02x}{sign})"
    return TextError(found, _SAVE, (line, column))
