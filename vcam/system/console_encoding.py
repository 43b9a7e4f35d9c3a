"""Text that every console and every pipe can take."""

from __future__ import annotations

import codecs
import io
import sys

_NAME = "vcam-legible"

_INSTEAD = str.maketrans({"→": "->", "…": "...", "—": "-", "≥": ">=", "≤": "<=", "±": "+-"})
"""What can be said without the character."""


def make_streams_safe() -> None:
    """Have stdout and stderr write something legible for what their code page lacks."""
    codecs.register_error(_NAME, _legible)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def takes_everything() -> bool:
    """Whether stdout can say every character."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name in ("utf-8", "utf-16", "utf-32")


def _legible(error: UnicodeError) -> tuple[str | bytes, int]:
    """The characters in others; what has no others, as Python would escape it: nothing is lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_INSTEAD)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end
