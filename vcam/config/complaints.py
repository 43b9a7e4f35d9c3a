"""What is wrong with a configuration, in words: place, key, what was found and the fix."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from vcam.config.schema import Config
from vcam.errors import ConfigError

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a configuration.

    Attributes:
        place: `file:line:column`, or the file alone.
        key: The key with dots, such as `background.path`; empty for the whole file.
        found: What is wrong.
        fix: What is allowed.
    """

    place: str
    key: str
    found: str
    fix: str

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{self.place}: {key}{self.found}{fix}"


class ConfigFileError(ConfigError):
    """A configuration with at least one thing wrong.

    Attributes:
        complaints: All of them, in the order of the file.
    """

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("\n".join(str(complaint) for complaint in complaints))
        self.complaints = tuple(complaints)


def explain(error: ValidationError, document: CommentedMap, path: Path) -> ConfigFileError:
    """Pydantic's refusals of `document` (read from `path`) in the house's words."""
    complaints = [_explain(item, document, path) for item in error.errors()]
    return ConfigFileError(sorted(complaints, key=_line))


def _explain(item: Any, document: CommentedMap, path: Path) -> Complaint:
    key: Key = tuple(part for part in item["loc"] if _is_key(part))
    place = _place(document, key, path)
    dotted = _dotted(key)
    found, fix = _words(item, key)
    if dotted and found.startswith(f"{dotted}."):
        dotted = ""  # a complaint about several keys of a section names them itself
    return Complaint(place, dotted, found, fix)


def _line(complaint: Complaint) -> tuple[int, ...]:
    return tuple(int(part) for part in complaint.place.rsplit(":", 2)[1:])


def _is_key(part: str | int) -> bool:
    """Pydantic adds the tried type of a union (`str`, `function-before[...]`) to a location."""
    return isinstance(part, int) or (part not in ("str", "int") and "[" not in part)


def _dotted(key: Key) -> str:
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _words(item: Any, key: Key) -> tuple[str, str]:
    """What was found and what is allowed."""
    kind, given, limits = item["type"], item["input"], item.get("ctx", {})
    found = f"found {describe(given)}"
    if kind == "extra_forbidden":
        known = _known_keys(key[:-1])
        close = difflib.get_close_matches(str(key[-1]), known, 1)
        homes = [section for section in known if key[-1] in _known_keys((section,))]
        if close or not homes:
            guess = f'did you mean "{close[0]}"?' if close else f"known here: {', '.join(known)}"
        else:
            guess = f'write it on a line of its own below "{homes[0]}:", indented by two spaces'
        return "unknown key", guess
    if kind == "value_error":
        reason = str(limits["error"])
        return (reason, "") if isinstance(given, dict) else (found, reason)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        inner = ", ".join(_known_keys(key))
        return found, f"keys with values are wanted, indented below it: {inner}"
    if kind == "literal_error":
        # Never "none": nobody is to show the room by a typing error.
        choices = [choice for choice in _choices(limits["expected"]) if choice != "none"]
        near = difflib.get_close_matches(str(given), choices, 1)
        guess = f' (did you mean "{near[0]}"?)' if near else ""
        return found, f"allowed: {limits['expected'].replace(chr(39), '')}{guess}"
    return found, _plain(item["msg"])


def _plain(message: str) -> str:
    """Pydantic's sentence in the house's words."""
    for theirs, ours in (  # the first that fits
        ("Input should be a valid boolean, unable to interpret input", "true or false is wanted"),
        ("Input should be a valid boolean", "true or false is wanted"),
        (
            "Input should be a valid integer, got a number with a fractional part",
            "a whole number is wanted",
        ),
        ("Input should be a valid integer", "a whole number is wanted"),
        ("Input should be a valid number", "a number is wanted"),
        ("Input should be a valid string", "text is wanted"),
        ("Input is not a valid path", "a file path is wanted"),
        ("Input should be", "it must be"),
        ("List should have", "the list must have"),
    ):
        if message.startswith(theirs):
            return ours + message[len(theirs) :]
    return message[0].lower() + message[1:]


def _choices(expected: str) -> list[str]:
    return [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]


def describe(value: Any) -> str:
    """`value` as a message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return f"a list ({', '.join(map(str, value[:4]))}{', ...' if len(value) > 4 else ''})"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{str(value)[:60]}"' if isinstance(value, str) else str(value)


def _known_keys(section: Key) -> list[str]:
    """The keys of the section at `section` in the schema."""
    model: type[BaseModel] = Config
    for part in section:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            return []
        inner = field.annotation
        arguments = getattr(inner, "__args__", ())
        candidate = arguments[0] if arguments else inner
        if not (isinstance(candidate, type) and issubclass(candidate, BaseModel)):
            return []
        model = candidate
    return list(model.model_fields)


def _place(document: CommentedMap, key: Key, path: Path) -> str:
    """`file:line:column` of the key, or of the nearest thing round it that the file has."""
    node: Any = document
    line, column = 0, 0
    for part in key:
        try:
            if isinstance(node, CommentedMap):
                line, column = node.lc.key(part)
            elif isinstance(node, CommentedSeq):
                line, column = node.lc.item(part)
            else:
                break
            node = node[part]
        except (KeyError, IndexError, TypeError):  # TypeError: an !!omap tells no places
            break
    return f"{path}:{line + 1}:{column + 1}"
