"""File names that YAML has cut off at a ` #`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from vcam.config.complaints import Complaint, dotted, place_in
from vcam.config.fields import all_fields, is_file
from vcam.config.schema.scenes import SCENES
from vcam.config.yaml_nodes import Key, YamlNode
from vcam.system.printable import shown

_COMMENT = re.compile(r"[ \t]+#[^\n\r]*")
_FILE_NAME = re.compile(r"#\S[^\n\r]*\.\w{2,5}\s*")


def cut_off_paths(text: str, tree: YamlNode, path: Path) -> list[Complaint]:
    """Complaints about missing paths followed by a comment that looks like their rest."""
    return [
        complaint
        for key in _file_keys(tree)
        for place, node in _written(tree, key)
        if (complaint := _complaint(text, place, node, tree, path)) is not None
    ]


def _file_keys(tree: YamlNode) -> Iterator[Key]:
    scenes = tree.find((SCENES,))
    sections = [(), *((SCENES, name) for name in (scenes.inner if scenes else ()))]
    yield from (
        (*section, *key) for section in sections for key, field in all_fields() if is_file(field)
    )


def _written(tree: YamlNode, key: Key) -> Iterator[tuple[Key, YamlNode]]:
    node = tree.find(key)
    if node is None:
        return
    if isinstance(node.value, list):
        yield from (((*key, index), inner) for index, inner in node.inner.items())
    else:
        yield key, node


def _complaint(text: str, key: Key, node: YamlNode, tree: YamlNode, path: Path) -> Complaint | None:
    comment = _COMMENT.match(text, node.end)
    if node.style is not None or comment is None or not isinstance(node.value, str):
        return None
    whole = (node.value + comment[0]).rstrip()
    if _is_there(node.value, path) or not (
        _is_there(whole, path) or _FILE_NAME.fullmatch(comment[0].strip())
    ):
        return None
    return Complaint(
        place_in(path, *tree.place(key)),
        dotted(key),
        f'found "{shown(node.value)}", as a # behind a blank begins a comment',
        f"put the path in quotes: '{shown(whole, 200)}'",
    )


def _is_there(written: str, path: Path) -> bool:
    try:
        file = Path(os.path.expandvars(written)).expanduser()
        return (path.absolute().parent / file).exists()
    except (OSError, RuntimeError):
        return False
