"""Pydantic's errors as vcam's messages: what was found and what is allowed."""

from __future__ import annotations

import difflib
import re
from typing import Any, get_args

from vcam.config.fields import all_fields, section_at
from vcam.config.migrations import new_name
from vcam.config.schema import Config
from vcam.config.yaml_nodes import Key
from vcam.system.printable import shown

MOST_SHOWN = 60


def words(item: Any, key: Key) -> tuple[str, str]:
    """The text for one of pydantic's errors: what was found at `key` and what is allowed."""
    kind, given, limits = item["type"], item["input"], item.get("ctx", {})
    found = f"found {describe(given)}"
    if kind == "extra_forbidden":
        return "unknown key", _guess(key, given)
    if kind == "missing":
        return "it is missing", f"write {key[-1]}: and its value"
    if kind == "value_error":
        reason = shown(limits["error"], 400)
        if isinstance(given, dict) and section_at(
            key
        ):  # about several keys, which the reason names
            reason, _, fix = reason.partition("; ")
            return reason, fix
        return found, reason
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        if isinstance(given, str) and re.match(r"\w+:\S", given):
            return found, "put a blank behind the colon"
        return found, f"keys with values are wanted, indented below it: {_known(key)}"
    if kind == "literal_error":
        return found, _choice(given, limits["expected"])
    return found, _plain(item["msg"])


def _choice(given: Any, expected: str) -> str:
    # Never "none": a typing error must not show the room.
    choices = [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]
    choices = [choice for choice in choices if choice != "none"]
    near = difflib.get_close_matches(str(given)[:MOST_SHOWN].lower(), choices, 1)
    guess = f' (did you mean "{near[0]}"?)' if near else ""
    return f"allowed: {expected.replace(chr(39), '')}{guess}"


def _guess(key: Key, given: Any) -> str:
    """What an unknown key was meant to be."""
    name = str(key[-1])[:MOST_SHOWN]
    renamed = new_name(tuple(map(str, key)))
    if renamed:
        return f'it is "{renamed}" now: `vcam config migrate` rewrites a file without version:'
    bare = re.split(r"[\[\].:=\s]", name)[0]
    for written in (name, name.rpartition(".")[2]):
        homes = _homes(written, key[:-1], given)
        if homes:
            return f"write it on a line of its own below {homes}, indented by two spaces"
    for written in (name, bare):
        close = difflib.get_close_matches(written.lower().replace("-", "_"), _names(key[:-1]), 1)
        if close:
            return f'did you mean "{close[0]}"?'
    return f"known here: {_known(key[:-1])}"


def _homes(name: str, section: Key, given: Any) -> str:
    """The sections that have such a key, narrowed down by the value if there are several."""
    if name in _names(section):
        return ""
    fields = [(path, field) for path, field in all_fields() if path[-1] == name]
    takes = [path for path, field in fields if given in get_args(field.annotation)]
    homes = (
        takes or [path for path, _ in fields] or [path for path in _sections() if path[-1] == name]
    )
    below = [path[:-1] for path in homes if path[:-1] != section]
    inner = [path for path in below if path[: len(section)] == section]
    return " or ".join(f'"{".".join(path)}:"' for path in (inner or below)[:4])


def _sections() -> list[tuple[str, ...]]:
    """The sections within other sections."""
    return list(dict.fromkeys(path[:-1] for path, _ in all_fields() if len(path) > 2))


def _names(section: Key) -> list[str]:
    model = section_at(section)
    return list(model.model_fields) if model else []


def _known(section: Key) -> str:
    return ", ".join(_names(section) or Config.model_fields)


_SENTENCES = (
    ("Input should be a valid boolean, unable to interpret input", "true or false is wanted"),
    ("Input should be a valid boolean", "true or false is wanted"),
    (
        "Input should be a valid integer, got a number with a fractional part",
        "a whole number is wanted",
    ),
    ("Input should be a valid integer", "a whole number is wanted"),
    ("Input should be a valid number", "a number is wanted"),
    ("Input should be a finite number", "a number with an end is wanted"),
    ("Input should be a valid string", "text is wanted; put it in quotes"),
    ("Input should be a valid list", "a list is wanted, each entry behind a dash"),
    ("Input is not a valid path", "a file path is wanted; put it in quotes"),
    ("Input should be", "it must be"),
    ("List should have", "the list must have"),
    ("String should have", "the text must have"),
)
"""The beginnings of pydantic's messages, and our own; the first that matches."""


def _plain(message: str) -> str:
    message = message.partition(" for <class")[0]
    for theirs, ours in _SENTENCES:
        if message.startswith(theirs):
            return shown(ours + message[len(theirs) :], 300)
    return shown(message[0].lower() + message[1:], 300)


def describe(value: Any) -> str:
    """`value` as a message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        entries = ", ".join(
            "..." if isinstance(i, (dict, list)) else shown(i, 20) for i in value[:4]
        )
        return f"a list ({entries}{', ...' if len(value) > 4 else ''})"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{shown(value)}"' if isinstance(value, str) else shown(value)


def _entry(value: Any) -> str:
    return "..." if isinstance(value, (dict, list)) else shown(value, 20)
