"""Writing text to consoles and pipes of any encoding."""

from __future__ import annotations

import codecs
import io
import sys

_NAME = "vcam-legible"

_INSTEAD = str.maketrans({"→": "->", "…": "...", "—": "-", "≥": ">=", "≤": "<=", "±": "+-"})
"""Replacements for characters."""


def make_streams_safe() -> None:
    """Have stdout and stderr replace characters that their encoding lacks."""
    codecs.register_error(_NAME, _legible)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def takes_everything() -> bool:
    """Whether stdout can encode every character."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name in ("utf-8", "utf-16", "utf-32")


def _legible(error: UnicodeError) -> tuple[str | bytes, int]:
    """The replacement of characters; those without one are escaped as in Python."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_INSTEAD)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end
