"""What is wrong with a configuration: each fault with its place, and all of them as one error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vcam.config.nodes import Key, Node, UnreadableError
from vcam.config.shown import shown
from vcam.config.wording import words
from vcam.errors import ConfigError

MOST_TOLD = 12
"""More faults than these are counted, not told: nobody reads them, and `vcam status` sends them."""


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
        more: How many there are beside.

    Attributes:
        complaints: As given.
    """

    def __init__(self, complaints: Sequence[Complaint], more: int = 0) -> None:
        lines = [str(complaint) for complaint in complaints]
        super().__init__([*lines, *([f"... and {more} more"] if more else [])])
        self.complaints = tuple(complaints)


def explain(error: ValidationError, tree: Node, path: Path) -> ConfigFileError:
    """Pydantic's refusals of `tree` (read from `path`) in the house's words."""
    found = [(_key(item, tree), item) for item in error.errors(include_url=False)]
    found.sort(key=lambda one: tree.place(one[0]))
    told = [_explain(key, item, tree, path) for key, item in found[:MOST_TOLD]]
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


def _key(item: Any, tree: Node) -> Key:
    """Where in the file it is: pydantic adds the types that it has tried to a location."""
    key: list[str | int] = []
    node: Node | None = tree
    for part in item["loc"]:
        if node is not None and part in node.inner:
            node = node.inner[part]
            key.append(part)
        elif item["type"] == "missing" and part == item["loc"][-1]:
            key.append(part)
    return tuple(key)


def _explain(key: Key, item: Any, tree: Node, path: Path) -> Complaint:
    name = dotted(key)
    found, fix = words(item, key)
    if name and found.startswith(f"{name}."):
        name = ""  # a complaint about several keys of a section names them itself
    return Complaint(place_in(path, *tree.place(key)), name, found, fix)
