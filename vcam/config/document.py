"""Changing one value in YAML text without touching any other byte.

ruamel.yaml gives the position of each value; only that part is replaced. Its round trip of the
whole document would keep comments and order, but not line endings, blanks, long lines or the style
of lists.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from vcam.config.tree import load_plain
from vcam.config.values import render_value
from vcam.config.yaml_nodes import UnreadableError


class UneditableError(Exception):
    """The value cannot be changed without changing others: an anchor, an alias, a tag."""


def assign(text: str, keys: Sequence[str], value: Any) -> str:
    """`text` with `value` at `keys`, such as `("background", "type")`.

    An existing key keeps its place, its quoting and its comment; a missing one is added at the end
    of its section, a missing section at the end of the text.

    Raises:
        UnreadableError: `text` is not YAML.
        UneditableError: A person has to make this change.
    """
    wanted = _with(load_plain(text), keys, value)
    changed = _assigned(text, keys, value)
    try:
        if load_plain(changed) == wanted:
            return changed
    except UnreadableError:
        pass
    raise UneditableError(".".join(keys))


def _with(document: Any, keys: Sequence[str], value: Any) -> Any:
    """The document's expected content after the change."""
    if not keys:
        return load_plain(render_value(value))
    old = document if isinstance(document, dict) else {}
    return {**old, keys[0]: _with(old.get(keys[0]), keys[1:], value)}


def _assigned(text: str, keys: Sequence[str], value: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        section = YAML(typ="safe", pure=True).compose(text)
    if section is None:
        return _insert(text, len(text), _block(keys, value, 0, 2), apart=bool(text.strip()))
    if not isinstance(section, MappingNode):
        raise UneditableError(".".join(keys))
    step = _indentation(section)
    for depth, key in enumerate(keys):
        name, node = _entry(section, key)
        rest = keys[depth + 1 :]
        if name is None or node is None:
            return _add(text, section, keys[depth:], value, step, root=depth == 0)
        if rest and isinstance(node, MappingNode):
            section = node
        elif rest and _is_blank(node) and not section.flow_style:
            lines = _block(rest, value, name.start_mark.column + step, step)
            return _insert(text, _next_line(text, name.end_mark.index), lines)
        else:
            return _replace(text, name, node, _nested(rest, value))
    raise UneditableError(".".join(keys))  # a section, not a value


def _entry(section: MappingNode, key: str) -> tuple[Node | None, Node | None]:
    for name, node in section.value:
        if isinstance(name, ScalarNode) and name.value == key:
            return name, node
    return None, None


def _is_blank(node: Node) -> bool:
    """Whether nothing follows the colon."""
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


def _indentation(root: MappingNode) -> int:
    """The indentation of sections in this file, in columns."""
    for name, node in root.value:
        if isinstance(node, MappingNode) and not node.flow_style and node.value:
            return max(1, int(node.value[0][0].start_mark.column - name.start_mark.column))
    return 2


def _nested(keys: Sequence[str], value: Any) -> Any:
    for key in reversed(keys):
        value = {key: value}
    return value


# -- replacing ---------------------------------------------------------------------------


def _replace(text: str, name: Node, node: Node, value: Any) -> str:
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style:
        return _replace_block(text, name, node, value)
    quote = node.style if isinstance(node, ScalarNode) and node.style in ("'", '"') else None
    new = render_value(value, quote)
    if _is_blank(node):
        start = end = _after_colon(text, name)
        new = f" {new}"
    else:
        start, end = node.start_mark.index, _end(text, name, node)
    return text[:start] + new + _realigned(text, start, end, new)


def _replace_block(text: str, name: Node, node: Node, value: Any) -> str:
    """Replace a list or map of several lines by one on the key's line."""
    colon = _after_colon(text, name)
    last = _next_line(text, _end(text, name, node))
    head_end = _next_line(text, colon)
    new = f" {render_value(value)}"
    shortened = text[:head_end] + text[last:]
    return shortened[:colon] + new + _realigned(shortened, colon, colon, new)


def _realigned(text: str, start: int, end: int, new: str) -> str:
    """What follows `text[start:end]` once `new` replaces it, with a comment's column kept."""
    comment = re.match(r" +(?=#)", text[end:])
    if comment is None:
        return text[end:]
    place = _column(text, end + comment.end())
    blanks = max(1, place - _column(text, start) - len(new))
    return " " * blanks + text[end + comment.end() :]


def _column(text: str, index: int) -> int:
    return index - (text.rfind("\n", 0, index) + 1)


# -- adding ------------------------------------------------------------------------------


def _add(
    text: str, section: MappingNode, keys: Sequence[str], value: Any, step: int, root: bool
) -> str:
    if section.flow_style:
        return _add_in_flow(text, section, keys, value)
    lines = _block(keys, value, section.value[0][0].start_mark.column, step)
    if root:
        return _insert(text, section.end_mark.index, lines, apart=True)
    name, node = section.value[-1]
    return _insert(text, _next_line(text, _end(text, name, node)), lines)


def _add_in_flow(text: str, section: MappingNode, keys: Sequence[str], value: Any) -> str:
    new = render_value(_nested(keys, value))[1:-1]
    if section.value:
        place = _end(text, *section.value[-1])
        return f"{text[:place]}, {new}{text[place:]}"
    place = section.end_mark.index - 1
    return text[:place] + new + text[place:]


def _block(keys: Sequence[str], value: Any, column: int, step: int) -> list[str]:
    """Lines that open the sections `keys[:-1]` and set the last key."""
    lines = [
        f"{' ' * (column + depth * step)}{render_value(key)}:" for depth, key in enumerate(keys)
    ]
    lines[-1] += f" {render_value(value)}"
    return lines


def _insert(text: str, place: int, lines: list[str], apart: bool = False) -> str:
    """`lines` put in at the start of a line, or at the end of the text."""
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text[:place]
    if before and not before.endswith("\n"):
        before += newline
    if apart and not before.endswith(newline * 2):
        before += newline
    return before + "".join(line + newline for line in lines) + text[place:]


# -- places in the text ------------------------------------------------------------------


def _after_colon(text: str, name: Node) -> int:
    colon = re.compile(r"\s*:").match(text, name.end_mark.index)
    return colon.end() if colon else int(name.end_mark.index)


def _end(text: str, name: Node, node: Node) -> int:
    """Where the value `node` of the key `name` ends, before blanks and comments."""
    if _is_blank(node):
        return _after_colon(text, name)
    if isinstance(node, MappingNode) and not node.flow_style:
        return _end(text, *node.value[-1])
    if isinstance(node, SequenceNode) and not node.flow_style:
        return _end(text, node.value[-1], node.value[-1])
    end = int(node.end_mark.index)
    return end - len(text[:end]) + len(text[:end].rstrip())  # a block scalar ends in a line break


def _next_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1
