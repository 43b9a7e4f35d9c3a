"""Value types shared by the sections, and their base class."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias
from urllib.parse import unquote

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

from vcam.config.schema.stages import Stages

Rgb: TypeAlias = tuple[int, int, int]


_COLOR_FIX = 'write a name ("navy"), "#rrggbb" or "rgb(red, green, blue)"'
_BARE_HEX = re.compile(r"(?:0x)?([0-9a-fA-F]{6}|[0-9a-fA-F]{8}|[0-9a-fA-F]{3})")


def _parse_color(value: Any) -> Rgb:
    """`"navy"`, `"#000080"` or `"rgb(0, 0, 128)"` as (red, green, blue)."""
    if isinstance(value, tuple):
        return value
    if value is None:
        raise ValueError('YAML takes an unquoted # for a comment; write "#00b140" in quotes')
    if isinstance(value, list):
        raise ValueError(_list_for_color(value))
    text = str(value).strip()
    bare = _BARE_HEX.fullmatch(text)
    if bare:
        raise ValueError(f'write it with a # and in quotes: "#{bare[1]}"')
    try:
        red, green, blue = ImageColor.getrgb(text)[:3]
    except (ValueError, OverflowError):
        raise ValueError(_COLOR_FIX) from None
    if not all(0 <= level <= 255 for level in (red, green, blue)):
        raise ValueError("red, green and blue go from 0 to 255 (0% to 100%)")
    return red, green, blue


def _list_for_color(value: list[Any]) -> str:
    if len(value) not in (3, 4) or not all(isinstance(part, (int, float)) for part in value):
        return _COLOR_FIX
    numbers = ", ".join(str(part) for part in value[:3])
    return (
        f'a list does not say whether red or blue comes first; write "rgb({numbers})" with red '
        'first, a name or "#rrggbb"'
    )


_TYPOGRAPHIC = tuple("\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+(?:localhost/)?(.*)")
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*|\{[^}]*\})")


def resolve_path(path: Path, info: ValidationInfo) -> Path:
    """Expand `~` and environment variables; a relative path starts at the YAML file's folder.

    An existing path with a literal $ in its name is not expanded.
    """
    written = str(path)
    _check_name(written)
    base = Path((info.context or {}).get("folder") or Path.cwd())
    if "$" in written and os.path.lexists(base / written):
        return base / written
    text = os.path.expandvars(written)
    unset = _VARIABLE.search(text)
    if unset:
        raise ValueError(
            f"the environment variable {unset.group(0)} is not set, and there is no file of that "
            "name: set it, or write the path without it"
        )
    try:
        return base / Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"the home folder in {text[:60]} is not known; write all of it") from None


def _check_name(written: str) -> None:
    """Refuse text that cannot be meant as a file name."""
    if not written.isprintable() and any(ord(c) < 32 for c in written):
        raise ValueError(
            "there is a tab or a line break in it: in double quotes a backslash begins an escape; "
            "put the path in single quotes, or write / for each backslash"
        )
    if written[:1] in _TYPOGRAPHIC:
        raise ValueError("it stands in typographic quotes: use ' or \"")
    url = _URL.fullmatch(written)  # of its slashes one is left
    if url and url[1].lower() == "file":
        raise ValueError(f"write the path alone: /{unquote(url[2])}")
    if url:
        raise ValueError("vcam loads nothing from a network: save the file and write its path")


def _only_numbers(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError(_number_for_text(value.strip()))
    if isinstance(value, bool):
        raise ValueError("a number is wanted")
    if isinstance(value, (int, float)):  # a plain one, without the spelling in the file
        return int(value) if isinstance(value, int) else float(value)
    return value


def _number_for_text(text: str) -> str:
    number = re.match(r"[-+]?[0-9]{1,9}([.,][0-9]{1,9})?", text)
    if number is None or len(text) > 20:
        return "a number is wanted, such as 1 or 0.5"
    if number[0] == text and "," not in text:
        return "a number is wanted, without quotes"
    return f"a number alone is wanted, with a point for a comma: {number[0].replace(',', '.')}"


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
    """Base of all sections: unknown keys are refused, instances are immutable.

    Attributes:
        stages: What the section's keys change, where a key itself says nothing else. None: as
            the key says that this section is the value of.
    """

    stages: ClassVar[Stages | None] = None

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
        """A section whose keys are all commented out is present, but null."""
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
