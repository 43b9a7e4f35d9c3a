"""`vcam config migrate`: rewriting older YAML text, with comments and order kept."""

from __future__ import annotations

import re
from pathlib import Path

from vcam.config.document import UneditableError, assign
from vcam.config.key_removal import find_entry, meaning, value_end, without_entry
from vcam.config.load import parse_config, read_text
from vcam.config.migrations import Moved, apply, current_version, pending, version_of
from vcam.config.tree import load_plain
from vcam.config.write import replace_file
from vcam.config.write_lock import write_lock
from vcam.config.yaml_nodes import UnreadableError
from vcam.errors import ConfigError


def migrate(path: Path) -> list[Moved]:
    """Rewrite an older file in the current version; keep a backup beside it.

    Returns:
        What was changed; nothing if the file is current.

    Raises:
        ConfigError: It cannot be read or written, or must be changed by hand.
    """
    with write_lock(path):
        text = read_text(path)
        parse_config(text, path)  # only a valid file is rewritten
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
    """The text with these changes, and its new version."""
    for change in changes:
        wanted = apply(load_plain(text), change)
        try:
            text = _moved(text, change)
            is_meant = meaning(load_plain(text)) == meaning(wanted)
        except (UneditableError, UnreadableError):
            is_meant = False
        if not is_meant:
            raise _by_hand(change, path)
    return assign(text, ("version",), current_version())


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
        name, node = find_entry(text, old)
        if _is_there(document, new):
            return without_entry(text, name, node)
        if is_same_place:
            return text[: name.start_mark.index] + new[-1] + text[name.end_mark.index :]
        comment = re.compile(r"[ \t]+#[^\n]*").match(text, node.end_mark.index)
        moved = assign(without_entry(text, name, node), new, change.value(value))
        return _commented(moved, new, comment[0] if comment else "")
    except (KeyError, IndexError):
        raise UneditableError(change.old) from None


def _is_there(document: object, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(document, dict) or part not in document:
            return False
        document = document[part]
    return True


def _commented(text: str, path: tuple[str, ...], comment: str) -> str:
    if not comment:
        return text
    _, node = find_entry(text, path)
    end = value_end(text, node)
    return text[:end] + comment + text[end:]
