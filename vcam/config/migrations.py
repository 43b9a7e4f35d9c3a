"""Migrations of older files: keys that were renamed or moved between versions of the YAML.

A new version is a line in `MIGRATIONS` and a test of it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Path = tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A key or section that was renamed or moved in a version.

    Attributes:
        old: With dots.
        new: With dots.
        values: New values for old ones, if those have changed too.
        per: How many of the old unit make one of the new; numbers are divided by it.
    """

    old: str
    new: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    per: float = 1

    def within(self, place: Path) -> Moved:
        """The same for the keys inside it."""
        prefix = "".join(f"{part}." for part in place)
        return replace(self, old=prefix + self.old, new=prefix + self.new)

    @property
    def old_path(self) -> Path:
        """The key as a path."""
        return tuple(self.old.split("."))

    @property
    def new_path(self) -> Path:
        """The key as a path."""
        return tuple(self.new.split("."))

    def value(self, old: Any) -> Any:
        """The new value for an old one."""
        if isinstance(old, str):
            return self.values.get(old, old)
        is_number = isinstance(old, int | float) and not isinstance(old, bool)
        return round(old / self.per, 2) if is_number and self.per != 1 else old


_MOG2 = "segmentation.mog2"
_FPS = 30
"""Frames a second, where frames stood for seconds."""
MIGRATIONS: tuple[tuple[Moved, ...], ...] = (
    (
        Moved(f"{_MOG2}.history", f"{_MOG2}.history_seconds", per=_FPS),
        Moved(f"{_MOG2}.learn_frames", f"{_MOG2}.learn_seconds", per=_FPS),
    ),
)
"""The changes from version 1 to 2, from 2 to 3, and so on."""


def current_version() -> int:
    """The version of the files that this vcam writes."""
    return 1 + len(MIGRATIONS)


def version_of(document: Any) -> Any:
    """The version of a file; without `version` it is the first."""
    version = document.get("version") if isinstance(document, dict) else None
    return 1 if version is None else version


def pending(document: Any) -> list[Moved]:
    """The migrations that apply to an older file's keys, in order."""
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
    """The maps that hold keys of the schema: the whole file, and each scene."""
    scenes = document.get("scenes") if isinstance(document, dict) else None
    names = scenes if isinstance(scenes, dict) else {}
    return [(), *(("scenes", str(name)) for name in names)]


def apply(document: dict[str, Any], change: Moved) -> dict[str, Any]:
    """The document with the key moved; an existing key in the new place takes precedence."""
    value = change.value(_at(document, change.old_path))
    rest = without_key(document, change.old_path)
    return rest if _has(rest, change.new_path) else _with(rest, change.new_path, value)


def upgraded(document: dict[str, Any]) -> tuple[dict[str, Any], list[Moved]]:
    """An older file's document in the current version, and the changes."""
    changes = pending(document)
    for change in changes:
        document = apply(document, change)
    if changes:
        document = {**document, "version": current_version()}
    return document, changes


def new_name(path: Path) -> str:
    """The current name of a key of an older version; empty if there never was one."""
    known = {change.old_path: change.new for step in MIGRATIONS for change in step}
    return known.get(path, "")


def old_names(path: tuple[str | int, ...]) -> list[str]:
    """The names that a key had in the same section in older versions."""
    changes = (change for step in MIGRATIONS for change in step if change.new_path == path)
    return [one.old_path[-1] for one in changes if one.old_path[:-1] == path[:-1]]


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


def without_key(document: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The document without an existing key."""
    if len(path) == 1:
        return {key: value for key, value in document.items() if key != path[0]}
    return {**document, path[0]: without_key(document[path[0]], path[1:])}
