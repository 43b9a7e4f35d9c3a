"""The nodes of a parsed YAML text, and the error if it cannot be parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Key = tuple[str | int, ...]


class UnreadableError(ValueError):
    """Text that is not YAML, or YAML that no configuration needs.

    Args:
        found: What is wrong.
        fix: What to do about it.
        line: Its line, from 1.
        column: Likewise.
        key: The key it is in, if any.
    """

    def __init__(self, found: str, fix: str, line: int, column: int, key: Key = ()) -> None:
        super().__init__(found, fix)
        self.found, self.fix = found, fix
        self.line, self.column, self.key = line, column, key


@dataclass(frozen=True)
class YamlNode:
    """One value.

    Attributes:
        value: As plain dicts, lists and scalars.
        line: Its first line, from 1.
        column: Likewise.
        end: Index in the text after it.
        size: Number of values in it, aliases expanded.
        style: The quote, or "|" or ">" for a block scalar; None for a plain one.
        places: Line and column of each key of a map.
        inner: Of a map by key, of a list by index.
    """

    value: Any
    line: int
    column: int
    end: int
    size: int = 1
    style: str | None = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    inner: dict[str | int, YamlNode] = field(default_factory=dict)

    def find(self, key: Key) -> YamlNode | None:
        """The value at `key`; None if there is none."""
        node: YamlNode | None = self
        for part in key:
            node = node.inner.get(part) if node else None
        return node

    def place(self, key: Key) -> tuple[int, int]:
        """Line and column of the key, or of the innermost existing key around it."""
        node, place = self, (1, 1)
        for part in key:
            if part not in node.inner:
                break
            inner = node.inner[part]
            place = node.places.get(str(part), (inner.line, inner.column))
            node = inner
        return place
