"""The schema as a tree of sections and keys, for whoever has to go through all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from vcam.config.nodes import Key
from vcam.config.schema import Config
from vcam.config.schema.types import Section


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


def section_at(key: Key) -> type[Section] | None:
    """The section of that name, or the one whose list of maps this is; None where there is none."""
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
