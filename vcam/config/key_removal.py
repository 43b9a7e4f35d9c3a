"""Removing one key from YAML text without touching any other byte."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning
from ruamel.yaml.nodes import MappingNode, Node

from vcam.config.document import UneditableError
from vcam.config.migrations import without_key
from vcam.config.tree import load_plain
from vcam.config.yaml_nodes import UnreadableError


def remove(text: str, keys: Sequence[str]) -> str:
    """`text` without the existing key `keys`, such as `("background", "type")`.

    Its comment is removed too; a section left empty stays.

    Raises:
        UnreadableError: `text` is not YAML.
        UneditableError: A person has to make this change.
    """
    wanted = without_key(load_plain(text), keys)
    try:
        changed = without_entry(text, *find_entry(text, keys))
        if (meaning(load_plain(changed)) or {}) == meaning(wanted):
            return changed
    except (KeyError, UnreadableError):
        pass
    raise UneditableError(".".join(keys))


def meaning(document: Any) -> Any:
    """A document without empty sections."""
    if not isinstance(document, dict):
        return document
    kept = {key: meaning(value) for key, value in document.items()}
    return {key: value for key, value in kept.items() if value not in (None, {})}


def find_entry(text: str, keys: Sequence[str]) -> tuple[Node, Node]:
    """The nodes of the key's name and value.

    Raises:
        KeyError: There is no such key.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        section = YAML(typ="safe", pure=True).compose(text)
    for depth, key in enumerate(keys):
        if not isinstance(section, MappingNode):
            raise KeyError(key)
        entries = {name.value: (name, node) for name, node in section.value}
        name, node = entries[key]
        if depth == len(keys) - 1:
            return name, node
        section = node
    raise KeyError(keys)


def without_entry(text: str, name: Node, node: Node) -> str:
    """The text without the key, and without its line if nothing else is on it."""
    start = text.rfind("\n", 0, name.start_mark.index) + 1
    if text[start : name.start_mark.index].strip():  # something precedes it on its line
        return _without_flow_entry(text, name, node)
    end = len(text[: node.end_mark.index].rstrip()) if isinstance(node, MappingNode) else 0
    line_end = text.find("\n", max(end, name.end_mark.index, value_end(text, node)))
    return text[:start] + ("" if line_end < 0 else text[line_end + 1 :])


def value_end(text: str, node: Node) -> int:
    """The end of the value, before trailing blanks."""
    return len(text[: node.end_mark.index].rstrip())


def _without_flow_entry(text: str, name: Node, node: Node) -> str:
    """In a flow map the comma after it is removed too, or the one before if it is the last."""
    before, after = text[: name.start_mark.index], text[node.end_mark.index :]
    comma = re.match(r"[ \t]*,[ \t]*", after)
    if comma:
        return before + after[comma.end() :]
    return re.sub(r"[ \t]*,[ \t]*$", "", before) + after
