"""Resolving YAML scalars: YAML 1.2's core schema, and nothing beyond it.

Words such as `yes` and dates stay text. Numbers remember how they were written, for messages: an
unquoted colour without its # is a number.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

_WHOLE = re.compile(r"[-+]?(0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*)")
_FRACTION = re.compile(r"[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
MOST_DIGITS = 40
"""A longer number is treated as text, which no numeric key accepts."""


class WrittenInt(int):
    """An integer that is shown as it was written."""

    written: str

    def __str__(self) -> str:
        return self.written


class WrittenFloat(float):
    """A float that is shown as it was written."""

    written: str

    def __str__(self) -> str:
        return self.written


Written: TypeAlias = WrittenInt | WrittenFloat


def plain_value(text: str) -> Any:
    """The value of an unquoted scalar: None, a boolean, a number or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > MOST_DIGITS:
        return text
    if _WHOLE.fullmatch(text):
        return _remembering(WrittenInt(_whole(text)), text)
    if _FRACTION.fullmatch(text):
        return _remembering(WrittenFloat(text.replace("_", "")), text)
    if _NO_NUMBER.fullmatch(text):
        return _remembering(WrittenFloat(text.lower().replace(".", "")), text)
    return text


def _whole(text: str) -> int:
    digits = text.replace("_", "")
    return int(digits, 0 if re.match(r"[-+]?0[xob]", digits) else 10)


def _remembering(number: Any, text: str) -> Written:
    number.written = text
    return number  # type: ignore[no-any-return]


_TAGS: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (WrittenInt,),
    "float": (WrittenInt, WrittenFloat),
}


def tagged_value(text: str, tag: str) -> Any:
    """The value of `text` after `!!tag`.

    Raises:
        ValueError: It does not match the tag, or the tag is not one of YAML's scalar ones.
    """
    if tag == "str":
        return text
    if tag not in _TAGS:
        raise ValueError(f"the tag !!{tag} is not understood here")
    value = plain_value(text)
    if not isinstance(value, _TAGS[tag]) or (tag == "int" and isinstance(value, bool)):
        raise ValueError(f'"{text}" is no !!{tag}')
    return value
