"""Walking the schema as a tree of sections and keys."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from vcam.config.schema import Config
from vcam.config.schema.stages import STAGES, USED_FOR, Stage
from vcam.config.schema.value_types import Section
from vcam.config.yaml_nodes import Key


def all_fields(
    model: type[Section] = Config, prefix: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every key with a value of its own, such as ("background", "focus", "x")."""
    for name, field in model.model_fields.items():
        inner: Any = field.annotation
        if is_section(inner):
            yield from all_fields(inner, (*prefix, name))
        else:
            yield (*prefix, name), field


def stages_of(path: tuple[str, ...]) -> frozenset[Stage]:
    """The stages to rebuild when the key, or the section, has changed."""
    model: Any = Config
    stages: tuple[Stage, ...] = ()
    for part in path:
        if not is_section(model):  # an entry of a map, such as one of the camera's controls
            break
        field = model.model_fields[part]
        model = field.annotation
        if is_section(model) and model.stages is not None:
            stages = model.stages
        said = _said(field).get(STAGES)
        stages = tuple(map(Stage, said)) if said is not None else stages
    return frozenset(stages)


def conditions_of(path: tuple[str, ...]) -> list[tuple[tuple[str, ...], list[str]]]:
    """The values of other keys with which the key has an effect; all must hold."""
    model: Any = Config
    conditions = []
    for depth, part in enumerate(path):
        if not is_section(model):
            break
        field = model.model_fields[part]
        model = field.annotation
        for key, values in _said(field).get(USED_FOR, {}).items():
            conditions.append(((*path[:depth], key), values))
    return conditions


def value_at(config: Config, path: tuple[str, ...]) -> Any:
    """The configuration's value for the key, which must not be inside a map."""
    return functools.reduce(getattr, path, config)


def _said(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def section_at(key: Key) -> type[Section] | None:
    """The section of that name, or the one of the entries of that list; None if there is none."""
    model: type[Section] = Config
    for part in key:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner: Any = field.annotation if field else None
        inner = next((one for one in (inner, *get_args(inner)) if is_section(one)), None)
        if inner is None:
            return None
        model = inner
    return model


def is_section(annotation: Any) -> bool:
    """Whether a key of this type is a section."""
    return isinstance(annotation, type) and issubclass(annotation, Section)


def is_file(field: FieldInfo) -> bool:
    """Whether the key names a file or a folder, or several."""
    return "resolve_path" in _names(field)


def _names(field: Any) -> set[str]:
    rules = [*field.metadata]
    for inner in get_args(field.annotation):
        rules += getattr(inner, "__metadata__", ())
    return {getattr(getattr(rule, "func", None), "__name__", "") for rule in rules}
