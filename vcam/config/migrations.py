"""Older files are understood: what was renamed or moved from version to version of the YAML.

A new version is a line in `MIGRATIONS`, and a test of it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A key, or a section, that has another name or place from a version on.

    Attributes:
        old: With dots.
        new: With dots.
        values: New values for old ones, where those have changed too.
    """

    old: str
    new: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def within(self, place: Path) -> Moved:
        """The same for the keys that stand there."""
        prefix = "".join(f"{part}." for part in place)
        return Moved(prefix + self.old, prefix + self.new, self.values)

    @property
    def old_path(self) -> Path:
        """The key as a path."""
        return tuple(self.old.split("."))

    @property
    def new_path(self) -> Path:
        """The key as a path."""
        return tuple(self.new.split("."))

    def value(self, old: Any) -> Any:
        """What stands for an old value."""
        return self.values.get(old, old) if isinstance(old, str) else old


MIGRATIONS: tuple[tuple[Moved, ...], ...] = ()
"""What has changed from version 1 to 2, from 2 to 3, and so on."""


def current_version() -> int:
    """Of the files that this vcam writes."""
    return 1 + len(MIGRATIONS)


def version_of(document: Any) -> Any:
    """Which version a file is of; what says nothing is of the first."""
    version = document.get("version") if isinstance(document, dict) else None
    return 1 if version is None else version


def pending(document: Any) -> list[Moved]:
    """What has to be done to an older file, of what it holds, in order."""
    version = version_of(document)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return []  # the schema says so
    found = []
    moved = copy.deepcopy(document)
    places = _places(document)
    for change in (change for step in MIGRATIONS[version - 1 :] for change in step):
        for here in (change.within(place) for place in places):
            if _has(moved, here.old_path):
                moved = apply(moved, here)
                found.append(here)
    return found


def _places(document: Any) -> list[Path]:
    """Where the keys of the schema stand: in the whole file, and in each scene."""
    scenes = document.get("scenes") if isinstance(document, dict) else None
    names = scenes if isinstance(scenes, dict) else {}
    return [(), *(("scenes", str(name)) for name in names)]


def apply(document: dict[str, Any], change: Moved) -> dict[str, Any]:
    """The document with the key in its new place; one that is there already counts."""
    value = change.value(_at(document, change.old_path))
    rest = without(document, change.old_path)
    return rest if _has(rest, change.new_path) else _with(rest, change.new_path, value)


def upgraded(document: dict[str, Any]) -> tuple[dict[str, Any], list[Moved]]:
    """An older file's document as it would be written today, and what is different."""
    changes = pending(document)
    for change in changes:
        document = apply(document, change)
    if changes:
        document = {**document, "version": current_version()}
    return document, changes


def new_name(path: Path) -> str:
    """What a key of an older version is called now; empty where it never was one."""
    known = {change.old_path: change.new for step in MIGRATIONS for change in step}
    return known.get(path, "")


def _has(document: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(document, dict) or part not in document:
            return False
        document = document[part]
    return True


def _at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


def _with(document: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    old = document if isinstance(document, dict) else {}
    return {**old, path[0]: _with(old.get(path[0]), path[1:], value)}


def without(document: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The document without a key that is in it."""
    if len(path) == 1:
        return {key: value for key, value in document.items() if key != path[0]}
    return {**document, path[0]: without(document[path[0]], path[1:])}
