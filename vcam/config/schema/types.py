"""Kinds of values that the sections share, and what all sections have in common."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from PIL import ImageColor
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

Rgb: TypeAlias = tuple[int, int, int]


def _parse_color(value: Any) -> Rgb:
    """`"navy"`, `"#000080"` or `"rgb(0, 0, 128)"` as (red, green, blue)."""
    if isinstance(value, tuple):
        return value
    if value is None:
        raise ValueError('YAML takes an unquoted # for a comment; write "#00b140" in quotes')
    if isinstance(value, list):
        numbers = ", ".join(str(part) for part in value)
        raise ValueError(
            f'a list does not say whether red or blue comes first; write "rgb({numbers})" '
            'with red first, a name or "#rrggbb"'
        )
    text = str(value).strip()
    if isinstance(value, int) or re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise ValueError(f'write it with a # and in quotes: "#{text}"')
    try:
        return ImageColor.getrgb(text)[:3]
    except ValueError:
        raise ValueError('write a name ("navy"), "#rrggbb" or "rgb(red, green, blue)"') from None


def resolve_path(path: Path, info: ValidationInfo) -> Path:
    """Expand `~` and environment variables; a relative path starts at the YAML file's folder."""
    text = os.path.expandvars(path)
    unset = re.search(r"\$(\w+|\{[^}]*\})", text)
    if unset:
        raise ValueError(f"the environment variable {unset.group(0)} is not set")
    base = (info.context or {}).get("folder") or Path.cwd()
    try:
        return Path(base) / Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"the home folder in {text} is not known") from None


def _only_numbers(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        raise ValueError("a number is wanted, without quotes")
    return value


Color: TypeAlias = Annotated[
    Rgb,
    BeforeValidator(_parse_color),
    PlainSerializer(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb), str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "description": 'A name, "#rrggbb" or "rgb(red, green, blue)"'}
    ),
]
File: TypeAlias = Annotated[Path, AfterValidator(resolve_path)]
Whole: TypeAlias = Annotated[int, BeforeValidator(_only_numbers)]
Number: TypeAlias = Annotated[float, BeforeValidator(_only_numbers)]


class Section(BaseModel):
    """What all sections share: unknown keys are refused, values never change."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_default=False,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_sections_are_defaults(cls, data: Any) -> Any:
        """A section whose keys are all commented out is there, but has no value."""
        if not isinstance(data, dict):
            return data
        return {
            key: value
            for key, value in data.items()
            if value is not None
            or not (key in cls.model_fields and _is_section(cls.model_fields[key].annotation))
        }


class FocusConfig(Section):
    """The point of a picture that stays nearest to the middle when a part of it is shown."""

    x: Number = Field(0.5, ge=0, le=1)
    """From the picture's left edge (0) to its right edge (1)."""
    y: Number = Field(0.5, ge=0, le=1)
    """From the picture's upper edge (0) to its lower edge (1)."""


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)
