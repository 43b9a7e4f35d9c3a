"""A configuration with some of its values given by a Python program."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter

from vcam.config import Config, load_config
from vcam.config.schema.value_types import Color
from vcam.images.arrays import described


def configured(
    config: Config | Path | str | None, quality: str | None, backend: str | None
) -> Config:
    """The configuration that a program asks for: its own, a file's or the defaults.

    Args:
        config: A `Config`, the path of a YAML file, or None for the defaults.
        quality: In place of `matte.quality`, where not None.
        backend: In place of `segmentation.backend`, where not None.

    Raises:
        ValueError: An argument has none of these values.
        ConfigError: The YAML file cannot be used.
    """
    if not isinstance(config, (Config, str, Path, type(None))):
        raise ValueError(f"config must be a vcam.Config, a path or None, not {described(config)}")
    if not isinstance(config, Config):
        config = Config() if config is None else load_config(Path(config))
    return _with(_with(config, "matte", "quality", quality), "segmentation", "backend", backend)


def background_color(text: str) -> tuple[int, int, int]:
    """The red, green and blue of a colour written as in the YAML file.

    Raises:
        ValueError: `text` is not a colour.
    """
    try:
        rgb: tuple[int, int, int] = TypeAdapter(Color).validate_python(text)
    except ValueError:
        raise ValueError(
            f'background {text!r} is no colour; write a name ("navy"), "#rrggbb" or '
            '"rgb(red, green, blue)"; pictures are read by vcam.read_picture'
        ) from None
    return rgb


def _with(config: Config, section: str, key: str, value: str | None) -> Config:
    """The configuration with another value, checked like one in the file."""
    if value is None:
        return config
    old = getattr(config, section)
    try:
        new = type(old).model_validate({**old.model_dump(), key: value})
    except ValueError:
        allowed = get_args(type(old).model_fields[key].annotation)
        raise ValueError(f"{key} must be one of {', '.join(allowed)}, not {value!r}") from None
    return config.model_copy(update={section: new})
