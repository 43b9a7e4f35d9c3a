r"""Escaping untrusted text for terminals and logs: names, labels and values.

Names of files and cameras and values in YAML may contain escape sequences, line breaks or
bidirectional controls: they are shown as `\x1b`, `\n`, `\u202e`, not obeyed.
"""

from __future__ import annotations

import json
import re
from typing import Any

from vcam.system.console_encoding import takes_everything

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, bidirectional controls, line separators, and lone surrogates."""

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: object) -> str:
    """`text` as one line with all of these escaped."""
    return _OBEYED.sub(_shown, str(text))


def printable_lines(text: object) -> str:
    """The same for several lines, whose breaks are kept."""
    return "\n".join(map(printable, str(text).split("\n")))


def printable_json(data: Any, indent: int | None = None) -> str:
    """`data` as equivalent JSON, with such characters as JSON escapes.

    All that is not ASCII is escaped where stdout has a code page that may lack it.
    """
    text = json.dumps(data, indent=indent, ensure_ascii=not takes_everything())
    return _OBEYED.sub(lambda found: found[0] if found[0] == "\n" else _unicode(found[0]), text)


def shown(text: object, most: int = 60) -> str:
    r"""`text` in one line with everything escaped that is not to be seen, and with an end.

    Beside what `printable` escapes these are spaces other than the usual one, and whatever else
    has no look of its own: they are written as in Python, such as `\xa0`.
    """
    whole = str(text)
    visible = "".join(c if c.isprintable() else _escaped(c) for c in whole[:most])
    return visible + "..." * (len(whole) > most)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _shown(found: re.Match[str]) -> str:
    char = found[0]
    return _SHORT.get(char) or (f"\\x{ord(char):02x}" if char < "\x80" else _unicode(char))


def _unicode(char: str) -> str:
    return f"\\u{ord(char):04x}"
