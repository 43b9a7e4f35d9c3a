"""Setting values in the YAML file, as by a careful hand edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vcam.config.complaints import Complaint, ConfigFileError
from vcam.config.document import UneditableError, assign
from vcam.config.find import is_there
from vcam.config.jsonschema import SCHEMA_NAME, schema_text
from vcam.config.key_removal import remove
from vcam.config.load import parse_config, read_text
from vcam.config.migrations import current_version
from vcam.config.presets import preset_text
from vcam.config.schema import Config
from vcam.config.schema.scenes import SCENE, SCENES
from vcam.config.schema.value_types import Section
from vcam.config.tree import load_plain
from vcam.config.values import render_value
from vcam.config.write import replace_file
from vcam.config.write_lock import write_lock
from vcam.config.yaml_nodes import UnreadableError
from vcam.errors import ConfigError

_BOM = "\ufeff"
_PRESET = "default"
_MISSING = object()


def set_values(
    path: Path,
    assignments: Mapping[str, Any] | Callable[[Config], Mapping[str, Any]],
    check: Callable[[Config], None] = lambda config: None,
) -> Config:
    """Set keys, such as `{"background.type": "blur"}`, in a YAML file.

    A key that the active scene sets is set there. Everything else in the file stays as it is, byte
    for byte. All is checked before anything is written, and the file is replaced atomically; other
    writers wait. A missing file is created from the default preset.

    Args:
        path: The YAML file. A symlink stays one.
        assignments: Values by key with dots: text, numbers, booleans, None, or lists and maps of
            these. Or a function that returns them: called with the current configuration, while the
            file is locked.
        check: Called with the new configuration; if it raises, the file is not changed.

    Raises:
        ConfigError: A key or value is refused, the file has other faults, or it cannot be
            read or written. The file is as it was.
    """

    def edited(text: str) -> str:
        wanted = assignments
        if not isinstance(wanted, Mapping):
            wanted = wanted(parse_config(text.removeprefix(_BOM), path))
        for key, value in wanted.items():
            text = _assign(text, key, value, path)
        return text

    return _rewrite(path, edited, check)


def unset_values(
    path: Path, keys: Iterable[str], check: Callable[[Config], None] = lambda config: None
) -> Config:
    """Remove keys, such as `background.type`, from a YAML file, so that their defaults apply.

    A key that the active scene sets is removed from the scene. A key that the file does not set
    changes nothing. Otherwise as `set_values`.

    Raises:
        ConfigError: As `set_values`.
    """

    def edited(text: str) -> str:
        for key in keys:
            text = _unset(text, key, path)
        return text

    return _rewrite(path, edited, check)


def _rewrite(path: Path, edited: Callable[[str], str], check: Callable[[Config], None]) -> Config:
    with write_lock(path):
        is_new = _is_missing(path)
        before = _text(path)
        after = edited(before)
        config = _check(before, after, path)
        check(config)
        if is_new:
            replace_file(path.with_name(SCHEMA_NAME), schema_text().encode())
        if is_new or after != before:
            replace_file(path, after.encode())
    return config


def shown_values(path: Path, keys: Iterable[str]) -> dict[str, str]:
    """The value of each key in the file, or its default, as YAML on one line.

    Raises:
        ConfigError: The file cannot be read or is no YAML.
    """
    text = _text(path).removeprefix(_BOM)
    try:
        written = load_plain(text)
    except UnreadableError:
        parse_config(text, path)
        raise
    defaults = load_plain(preset_text(_PRESET))
    places = {key: place_that_counts(written, key.split(".")) for key in keys}
    return {
        key: _shown(_find(written, place, _find(defaults, key.split("."), None)))
        for key, place in places.items()
    }


def _is_missing(path: Path) -> bool:
    """Whether there is no file; a dangling link is a fault, not a missing file."""
    return not is_there(path)


def _text(path: Path) -> str:
    """The file's exact text, with its line endings and byte order mark."""
    if _is_missing(path):
        return preset_text(_PRESET)
    read_text(path)  # refuses what is no configuration
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path} is being changed by another program", "try again") from None


def _assign(text: str, key: str, value: Any, path: Path) -> str:
    def changed(body: str, keys: Sequence[str]) -> str:
        return assign(body, keys, value)

    section = _section(key.split("."))
    if section is not None:
        inner = ", ".join(f"{key}.{name}" for name in section.model_fields)
        raise ConfigError(f"{key} is a section", f"set a key of it: {inner}")
    return _edited(text, key, path, changed)


def _unset(text: str, key: str, path: Path) -> str:
    def changed(body: str, keys: Sequence[str]) -> str:
        if _find(load_plain(body), keys, _MISSING) is _MISSING:
            return body
        rest = remove(body, keys)
        return rest if load_plain(rest) else assign(rest, ["version"], current_version())

    return _edited(text, key, path, changed)


def _edited(text: str, key: str, path: Path, change: Callable[[str, Sequence[str]], str]) -> str:
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    try:
        return mark + change(body, place_that_counts(load_plain(body), key.split(".")))
    except UnreadableError:
        parse_config(body, path)
        raise
    except UneditableError:
        raise ConfigError(
            f"{key} in {path} cannot be set from here: the file is written in an unusual way there",
            "edit the file by hand",
        ) from None


def _section(keys: list[str]) -> type[Section] | None:
    """The section that has exactly this name."""
    model: type[Section] = Config
    for key in keys:
        field = model.model_fields.get(key)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, Section)):
            return None
        model = inner
    return model


def _check(before: str, after: str, path: Path) -> Config:
    try:
        return parse_config(after.removeprefix(_BOM), path)
    except ConfigFileError as error:
        known = {_gist(complaint): str(complaint) for complaint in _complaints(before, path)}
        lines = [known.get(_gist(new), _without_place(new)) for new in error.complaints]
        is_old = any(_gist(new) in known for new in error.complaints)
        raise ConfigError(
            "\n".join(lines), "nothing was changed; mend the file first" if is_old else ""
        ) from None


def _complaints(text: str, path: Path) -> tuple[Complaint, ...]:
    try:
        parse_config(text.removeprefix(_BOM), path)
    except ConfigFileError as error:
        return error.complaints
    return ()


def _gist(complaint: Complaint) -> tuple[str, str, str]:
    return complaint.key, complaint.found, complaint.fix


def _without_place(complaint: Complaint) -> str:
    """The place is one in a text that nobody will see."""
    return str(complaint).removeprefix(f"{complaint.place}: ")


def place_that_counts(document: Any, keys: Sequence[str]) -> list[str]:
    """Where in the file a key's effective value is: in the active scene, if it sets the key."""
    scene = _find(document, [SCENE], None)
    within = [SCENES, scene, *keys] if isinstance(scene, str) else []
    is_there = bool(within) and _find(document, within, _MISSING) is not _MISSING
    return within if is_there else list(keys)


def _find(document: Any, keys: Sequence[str], otherwise: Any) -> Any:
    for part in keys:
        if not isinstance(document, dict) or part not in document:
            return otherwise
        document = document[part]
    return document


def _shown(value: Any) -> str:
    return "nothing" if value is None else render_value(value)
