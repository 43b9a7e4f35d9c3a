"""Parsing YAML text into a tree with the position of every value.

It is built from ruamel.yaml's events, with limits on everything that can grow: depth, number of
values, expansion of aliases, digits of a number. So any file is cheap to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.scanner import Scanner

from vcam.config.hints import hint_for, odd_space, odd_space_at_end
from vcam.config.scalars import plain_value, tagged_value
from vcam.config.yaml_nodes import UnreadableError, YamlNode
from vcam.system.printable import shown

_MOST_VALUES = 25_000
_DEEPEST = 32
_TOO_DEEP = (
    "this is not a configuration (too many brackets or levels)",
    "name the YAML file, or delete them",
)
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NO_TAGS = "write no !!tags"
_NOT_UTF8 = "rename the file to a name in UTF-8: this one is not"
_BACKSLASH = (
    "in double quotes a backslash begins an escape: put the text in single quotes, or write / "
    "for each backslash"
)


def read_tree(text: str) -> YamlNode | None:
    """Read YAML; None if it is empty.

    Raises:
        UnreadableError: It is not YAML, or uses unsupported features.
    """
    bad = _UNREADABLE.search(text)
    if bad:
        line, column = _line_and_column(text, bad.start())
        found = f'a character that does not belong into text: "{shown(bad[0])}"'
        raise UnreadableError(found, "delete it; did you name the right file?", line, column)
    return _Reader(text).read()


def load_plain(text: str) -> Any:
    """YAML as plain dicts, lists and scalars, invisible characters included.

    Raises:
        UnreadableError: It is not YAML, or uses unsupported features.
    """
    node = _Reader(text, strict=False).read()
    return None if node is None else node.value


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


class _Scanner(Scanner):
    """Stops at too many brackets: its time is quadratic in their number."""

    def save_possible_simple_key(self) -> None:
        if self.flow_level > _DEEPEST:
            mark = self.reader.get_mark()
            raise UnreadableError(*_TOO_DEEP, mark.line + 1, mark.column + 1)
        super().save_possible_simple_key()


class _Reader:
    """Builds the tree of one text; if strict, it refuses invisible characters."""

    def __init__(self, text: str, strict: bool = True) -> None:
        self._text, self._strict = text, strict
        self._yaml = YAML(typ="safe", pure=True)
        self._yaml.Scanner = _Scanner
        self._events: Iterator[Any] = iter(())
        self._anchors: dict[str, YamlNode | None] = {}
        self._path: list[str | int] = []
        self._count = 0

    def read(self) -> YamlNode | None:
        try:
            self._events = self._yaml.parse(self._text)
            return self._document()
        except UnreadableError:
            raise
        except MarkedYAMLError as error:
            raise self._no_yaml(error) from None
        except Exception as e:  # ruamel.yaml raises errors of many kinds for odd text
            found = f"this is not valid YAML ({shown(e, 80)})"
            reader = self._yaml.reader
            line, column = reader.line + 1, reader.column + 1
            fix = "put the value there in single quotes"
            raise UnreadableError(found, fix, line, column, tuple(self._path)) from None

    def _document(self) -> YamlNode | None:
        tree: YamlNode | None = None
        begun = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                begun += 1
                if begun > 1:
                    fix = "one file holds one configuration: take the --- out, or all behind it"
                    raise self._refusal(event, "a second document begins here", fix)
            elif isinstance(
                event, (ScalarEvent, MappingStartEvent, SequenceStartEvent, AliasEvent)
            ):
                tree = self._node(event)
        return None if tree is None or tree.value is None else tree

    def _node(self, event: Any) -> YamlNode:
        if isinstance(event, AliasEvent):
            node = self._aliased(event)
        else:
            if event.anchor:
                self._anchors[event.anchor] = None  # it is not whole yet
            node = self._made(event)
            if event.anchor:
                self._anchors[event.anchor] = node
        return node

    def _aliased(self, event: Any) -> YamlNode:
        name = shown(event.anchor)
        if event.anchor not in self._anchors:
            fix = f'write "*{name}" in quotes if it is a text, or what it stands for'
            raise self._refusal(event, f"*{name} stands for nothing: there is no &{name}", fix)
        node = self._anchors[event.anchor]
        if node is None:
            fix = "write out what is meant"
            raise self._refusal(event, f"*{name} stands inside of what it stands for", fix)
        self._counted(event, node.size)
        return node

    def _made(self, event: Any) -> YamlNode:
        self._counted(event, 1)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if len(self._path) > _DEEPEST:
            raise self._refusal(event, *_TOO_DEEP)
        kind = "map" if isinstance(event, MappingStartEvent) else "seq"
        tag = _tag(event)
        if tag not in ("", "!", f"!!{kind}"):
            raise self._refusal(event, f"the tag {shown(tag)} is not understood here", _NO_TAGS)
        return self._map(event) if kind == "map" else self._list(event)

    def _counted(self, event: Any, size: int) -> None:
        self._count += size
        if self._count > _MOST_VALUES:
            found = "this is not a configuration (too many values, or aliases that stand for many)"
            raise self._refusal(event, found, "name the YAML file, or write out what is meant")

    def _list(self, event: Any) -> YamlNode:
        inner: dict[str | int, YamlNode] = {}
        end = event.end_mark.index
        for item in self._events:
            if isinstance(item, SequenceEndEvent):
                end = item.end_mark.index
                break
            self._path.append(len(inner))
            inner[len(inner)] = self._node(item)
            self._path.pop()
        return self._whole(event, [node.value for node in inner.values()], inner, {}, end)

    def _map(self, event: Any) -> YamlNode:
        inner: dict[str | int, YamlNode] = {}
        merged: dict[str | int, YamlNode] = {}
        places: dict[str, tuple[int, int]] = {}
        end = event.end_mark.index
        for name in self._events:
            if isinstance(name, MappingEndEvent):
                end = name.end_mark.index
                break
            key = self._key(name)
            self._path.append(key)
            if key in places:
                raise self._refusal(name, "this key stands twice", "each key may stand once")
            places[key] = (name.start_mark.line + 1, name.start_mark.column + 1)
            node = self._node(next(self._events))
            if key == "<<" and name.style is None:
                merged = {**self._merged(name, node), **merged}
                del places[key]
            else:
                inner[key] = node
            self._path.pop()
        inner = {**merged, **inner}
        return self._whole(event, {k: node.value for k, node in inner.items()}, inner, places, end)

    @staticmethod
    def _whole(
        event: Any, value: Any, inner: dict[str | int, YamlNode],
        places: dict[str, tuple[int, int]], end: int,
    ) -> YamlNode:  # fmt: skip
        mark = event.start_mark
        size = 1 + sum(node.size for node in inner.values())
        return YamlNode(
            value, mark.line + 1, mark.column + 1, end, size, places=places, inner=inner
        )

    def _key(self, event: Any) -> str:
        if not isinstance(event, ScalarEvent) or (event.value == "" and self._strict):
            fix = "write a key, a colon, a blank and the value"
            raise self._refusal(event, "a key must be a word", fix)
        key = str(event.value)
        self._check_text(event, key)
        if self._strict:
            self._check_spaces(event, key, odd_space(key))
        return key

    def _merged(self, name: Any, node: YamlNode) -> dict[str | int, YamlNode]:
        parts = list(node.inner.values()) if isinstance(node.value, list) else [node]
        found: dict[str | int, YamlNode] = {}
        for part in parts:
            if not isinstance(part.value, dict):
                raise self._refusal(name, "<< takes over maps only", "write << behind no other")
            found = {**part.inner, **found}
        return found

    def _scalar(self, event: Any) -> YamlNode:
        text, mark = str(event.value), event.start_mark
        tag = _tag(event)
        self._check_text(event, text)
        if self._strict and not event.style:
            self._check_spaces(event, text, odd_space_at_end(text))
        try:
            if tag.startswith("!!"):
                value = tagged_value(text, tag[2:])
            elif tag not in ("", "!"):
                raise ValueError(f"the tag {tag} is not understood here")
            else:
                value = plain_value(text) if event.implicit[0] and not event.style else text
        except ValueError as error:
            raise self._refusal(event, shown(error, 100), _NO_TAGS) from None
        return YamlNode(
            value, mark.line + 1, mark.column + 1, event.end_mark.index, style=event.style
        )

    def _check_spaces(self, event: Any, text: str, space: tuple[str, str, str] | None) -> None:
        if space:
            mark = event.start_mark
            column = mark.column + 1 + text.index(space[0])
            raise UnreadableError(*space[1:], mark.line + 1, column, tuple(self._path))

    def _check_text(self, event: Any, text: str) -> None:
        bad = _INVISIBLE.search(text) if self._strict else None
        if bad:
            found = f'found "{shown(text, 40)}", with the invisible character "{shown(bad[0])}"'
            is_raw = "\udc80" <= bad[0] <= "\udcff"  # a byte as Python has it in names
            raise self._refusal(event, found, _NOT_UTF8 if is_raw else _BACKSLASH)

    def _refusal(self, event: Any, found: str, fix: str) -> UnreadableError:
        mark = event.start_mark
        return UnreadableError(found, fix, mark.line + 1, mark.column + 1, tuple(self._path))

    def _no_yaml(self, error: MarkedYAMLError) -> UnreadableError:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        hint = hint_for(error, self._text, line, column)
        found = f"this is not valid YAML ({shown(hint.problem, 100)})"
        return UnreadableError(found, hint.fix, hint.line, hint.column, tuple(self._path))


def _tag(event: Any) -> str:
    """As it is written: `!!int`; empty where there is none."""
    return str(event.tag or "").replace("tag:yaml.org,2002:", "!!")
