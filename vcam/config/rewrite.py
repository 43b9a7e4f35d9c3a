"""`vcam config migrate`: older YAML text written anew, with comments and order kept."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning
from ruamel.yaml.nodes import MappingNode, Node

from vcam.config.alone import alone
from vcam.config.document import UneditableError, assign
from vcam.config.load import parse_config, read_text
from vcam.config.migrations import Moved, apply, current_version, pending, version_of
from vcam.config.tree import load_plain
from vcam.config.write import replace_file
from vcam.errors import ConfigError


def migrate(path: Path) -> list[Moved]:
    """Rewrite an older file as this vcam would write it; keep what was there beside it.

    Returns:
        What was changed; nothing where the file is of this version.

    Raises:
        ConfigError: It cannot be read or written, or has to be changed by hand.
    """
    with alone(path):
        text = read_text(path)
        parse_config(text, path)  # only what can be used is rewritten
        document = load_plain(text)
        changes = pending(document)
        if not changes and version_of(document) == current_version():
            return []
        new = migrated(text, changes, path)
        if new != text:
            replace_file(path.with_name(f"{path.name}.old"), text.encode())
            replace_file(path, new.encode())
    return changes


def migrated(text: str, changes: list[Moved], path: Path) -> str:
    """The text with these changes, and the version that it is of then."""
    for change in changes:
        wanted = apply(load_plain(text), change)
        try:
            text = _moved(text, change)
        except UneditableError:
            raise _by_hand(change, path) from None
        if _meaning(load_plain(text)) != _meaning(wanted):
            raise _by_hand(change, path)
    return assign(text, ("version",), current_version())


def _meaning(document: Any) -> Any:
    """Without sections that nothing is left in."""
    if not isinstance(document, dict):
        return document
    kept = {key: _meaning(value) for key, value in document.items()}
    return {key: value for key, value in kept.items() if value not in (None, {})}


def _by_hand(change: Moved, path: Path) -> ConfigError:
    return ConfigError(
        f"{change.old} in {path} is {change.new} now, and cannot be moved from here",
        "move it by hand",
    )


def _moved(text: str, change: Moved) -> str:
    document = load_plain(text)
    old, new = change.old_path, change.new_path
    value = document
    for part in old:
        value = value[part]
    is_same_place = old[:-1] == new[:-1] and change.value(value) == value
    try:
        name, node = _find(text, old)
        if _is_there(document, new):
            return _removed(text, name, node)
        if is_same_place:
            return text[: name.start_mark.index] + new[-1] + text[name.end_mark.index :]
        comment = re.compile(r"[ \t]+#[^\n]*").match(text, node.end_mark.index)
        moved = assign(_removed(text, name, node), new, change.value(value))
        return _commented(moved, new, comment[0] if comment else "")
    except (KeyError, IndexError):
        raise UneditableError(change.old) from None


def _is_there(document: object, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(document, dict) or part not in document:
            return False
        document = document[part]
    return True


def _find(text: str, path: tuple[str, ...]) -> tuple[Node, Node]:
    """The nodes of the key's name and value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        section = YAML(typ="safe", pure=True).compose(text)
    for depth, key in enumerate(path):
        if not isinstance(section, MappingNode):
            raise KeyError(key)
        entries = {name.value: (name, node) for name, node in section.value}
        name, node = entries[key]
        if depth == len(path) - 1:
            if section.flow_style and len(section.value) > 1:
                raise UneditableError(key)
            return name, node
        section = node
    raise KeyError(path)


def _removed(text: str, name: Node, node: Node) -> str:
    start = text.rfind("\n", 0, name.start_mark.index) + 1
    if text[start : name.start_mark.index].strip():  # something stands before it on its line
        return text[: name.start_mark.index] + text[node.end_mark.index :]
    end = len(text[: node.end_mark.index].rstrip()) if isinstance(node, MappingNode) else 0
    line_end = text.find("\n", max(end, name.end_mark.index, _value_end(text, node)))
    return text[:start] + ("" if line_end < 0 else text[line_end + 1 :])


def _value_end(text: str, node: Node) -> int:
    return len(text[: node.end_mark.index].rstrip())


def _commented(text: str, path: tuple[str, ...], comment: str) -> str:
    if not comment:
        return text
    _, node = _find(text, path)
    end = _value_end(text, node)
    return text[:end] + comment + text[end:]
