"""The faults of a configuration, each with its place, as one error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vcam.config.migrations import old_names
from vcam.config.wording import words
from vcam.config.yaml_nodes import Key, UnreadableError, YamlNode
from vcam.errors import ConfigError
from vcam.system.printable import shown

MOST_TOLD = 12
"""Further faults are only counted: nobody reads them, and `vcam status` transmits the text."""


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

    Args:
        complaints: The first things, in the order of the file.
        more: How many further ones there are.

    Attributes:
        complaints: As given.
    """

    def __init__(self, complaints: Sequence[Complaint], more: int = 0) -> None:
        lines = [str(complaint) for complaint in complaints]
        super().__init__([*lines, *([f"... and {more} more"] if more else [])])
        self.complaints = tuple(complaints)


def explain(error: ValidationError, tree: YamlNode, path: Path, over: Key = ()) -> ConfigFileError:
    """Pydantic's errors for `tree` (read from `path`) as vcam's own messages.

    Args:
        error: The refusals.
        tree: The document that was refused.
        path: The file.
        over: The path in the tree of the part that overrides the rest of it.
    """
    found = [_Refusal.of(item, tree, over) for item in error.errors(include_url=False)]
    found.sort(key=lambda one: tree.place(one.written))
    told = [one.complaint(tree, path) for one in found[:MOST_TOLD]]
    return ConfigFileError(told, len(found) - len(told))


def refuse(error: UnreadableError, path: Path) -> ConfigFileError:
    """The refusal of text that could not be read as a tree."""
    place = place_in(path, error.line, error.column)
    return ConfigFileError([Complaint(place, dotted(error.key), error.found, error.fix)])


def place_in(path: Path, line: int, column: int) -> str:
    """As a complaint names it."""
    return f"{shown(path, 4096)}:{line}:{column}"


def dotted(key: Key) -> str:
    """A key as it is written in `vcam set`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{shown(part, 40)}" for part in key)
    return text.lstrip(".")


@dataclass(frozen=True)
class _Refusal:
    """One of pydantic's.

    Attributes:
        item: As pydantic gives it.
        key: Which key of the schema it is about.
        written: Where that is in the file.
    """

    item: Any
    key: Key
    written: Key

    @classmethod
    def of(cls, item: Any, tree: YamlNode, over: Key) -> _Refusal:
        first = tree.find(over) if over else None
        key = _key(item, [node for node in (first, tree) if node is not None])
        is_over = first is not None and bool(key) and _holds(first, tree, key)
        return cls(item, key, _as_written((*over, *key) if is_over else key, key, tree))

    def complaint(self, tree: YamlNode, path: Path) -> Complaint:
        name = dotted(self.written)
        if self.written[-1:] != self.key[-1:]:
            name += f" ({self.key[-1]} now)"
        found, fix = words(self.item, self.key)
        if name and found.startswith(f"{dotted(self.key)}."):
            name = ""  # a complaint about several keys of a section names them itself
        return Complaint(place_in(path, *tree.place(self.written)), name, found, fix)


def _as_written(place: Key, key: Key, tree: YamlNode) -> Key:
    """The place of a key of the schema, which an older file may have by another name."""
    if key and tree.find(place) is None:
        for name in old_names(key):
            if tree.find((*place[:-1], name)) is not None:
                return (*place[:-1], name)
    return place


def _holds(first: YamlNode, tree: YamlNode, key: Key) -> bool:
    """Whether the faulty value, or the place where one is missing, is in `first`."""
    if first.find(key) is not None:
        return True
    return tree.find(key) is None and first.find(key[:-1]) is not None


def _key(item: Any, trees: Sequence[YamlNode]) -> Key:
    """The key in the trees; pydantic adds the types it has tried to a location."""
    key: list[str | int] = []
    for part in item["loc"]:
        names = [part, *old_names((*key, part))]
        inner = [node.inner[name] for node in trees for name in names if name in node.inner]
        if inner:
            trees = inner
            key.append(part)
        elif item["type"] == "missing" and part == item["loc"][-1]:
            key.append(part)
    return tuple(key)
