"""Every key of the YAML as described by the schema, for the reference and for completion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Key:
    """One key with a value of its own.

    Attributes:
        name: With dots, such as "background.type".
        section: The part before the last dot.
        value: Its default, as in the schema; None if it has none.
        choices: The allowed values; empty if they are not a closed list.
        kind: The kind of value, with its bounds, such as "number, 1 to 4".
        about: Its description, on one line.
    """

    name: str
    section: str
    value: Any
    choices: tuple[str, ...]
    kind: str
    about: str

    @property
    def default(self) -> str:
        """The default as YAML; empty if there is none."""
        from vcam.config.values import render_value

        return "" if self.value is None else render_value(self.value)


@dataclass(frozen=True)
class SectionOfKeys:
    """One section.

    Attributes:
        name: With dots, such as "segmentation.mog2".
        about: What it is for, on one line.
        keys: Its own keys, without those of inner sections.
    """

    name: str
    about: str
    keys: tuple[Key, ...]


def all_sections(whole: dict[str, Any]) -> list[SectionOfKeys]:
    """Every section in the order of the schema, inner ones after their outer one.

    Args:
        whole: The JSON Schema of the configuration.
    """
    return list(_sections("", whole, whole["$defs"]))


def all_keys(whole: dict[str, Any]) -> list[Key]:
    """Every key, in the order of the schema."""
    return [key for section in all_sections(whole) for key in section.keys]


def _sections(name: str, model: Any, models: Any) -> Iterator[SectionOfKeys]:
    inner = {
        key: models[value["$ref"].rpartition("/")[2]] | _own_words(value)
        for key, value in model["properties"].items()
        if "$ref" in value
    }
    plain = {key: value for key, value in model["properties"].items() if key not in inner}
    if plain:
        keys = tuple(_key(name, key, value) for key, value in plain.items())
        yield SectionOfKeys(name, _line(model.get("description", "")), keys)
    for key, value in inner.items():
        yield from _sections(f"{name}.{key}".lstrip("."), value, models)


def _own_words(value: Any) -> dict[str, str]:
    """A key's own description takes precedence over that of its section's model."""
    return {"description": value["description"]} if "description" in value else {}


def _key(section: str, name: str, value: Any) -> Key:
    return Key(
        f"{section}.{name}".lstrip("."),
        section,
        _default(value),
        tuple(_choices(value)),
        _kind(value),
        _line(value.get("description", "")),
    )


def _choices(value: Any) -> list[str]:
    if "anyOf" in value:
        return [choice for one in value["anyOf"] for choice in _choices(one)]
    if value.get("type") == "boolean":
        return ["true", "false"]
    return [str(one) for one in value.get("enum", [value["const"]] if "const" in value else [])]


def _default(value: Any) -> Any:
    default = value.get("default")
    if value.get("type") == "string" and isinstance(default, (list, tuple)):
        return _hex(default)
    return _with_colors(default)


def _with_colors(default: Any) -> Any:
    """Colours inside a list of maps, as they are written."""
    if isinstance(default, list):
        return [_with_colors(item) for item in default]
    if isinstance(default, dict):
        return {k: _hex(v) if k == "color" else _with_colors(v) for k, v in default.items()}
    return int(default) if isinstance(default, float) and default.is_integer() else default


def _hex(color: Any) -> str:
    """A colour as #rrggbb: defaults of sections are strings already, those of keys are not."""
    return color if isinstance(color, str) else "#{:02x}{:02x}{:02x}".format(*color)


def _kind(value: Any) -> str:
    if "anyOf" in value:
        kinds = [_kind(one) for one in value["anyOf"] if one.get("type") != "null"]
        return (" · " if all(map(_choices, value["anyOf"])) else " or ").join(kinds)
    if choices := _choices(value):
        return " · ".join(choices)
    if value.get("format") == "path":
        return "file"
    words = {"integer": "whole number", "number": "number", "string": "text", "array": "list",
             "object": "names with values"}  # fmt: skip
    return words.get(value.get("type", ""), "value") + _bounds(value)


def _bounds(value: Any) -> str:
    low, high = value.get("minimum"), value.get("maximum")
    above, below = value.get("exclusiveMinimum"), value.get("exclusiveMaximum")
    parts = []
    if above is not None:
        parts.append(f"above {above:g}")
    if low is not None and high is not None:
        parts.append(f"{low:g} to {high:g}")
    elif low is not None:
        parts.append(f"{low:g} or more")
    elif high is not None:
        parts.append(f"at most {high:g}")
    if below is not None:
        parts.append(f"below {below:g}")
    return f", {', '.join(parts)}" if parts else ""


def _line(text: str) -> str:
    return " ".join(text.split())
