"""Stepping through the pictures in the background's folder."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vcam.config.edit import place_that_counts, set_values
from vcam.config.load import read_text
from vcam.config.schema import Config
from vcam.config.tree import load_plain
from vcam.errors import ConfigError

_KEY = "background.path"


def step_background(path: Path, is_picture: Callable[[Path], bool], step: int = 1) -> str:
    """Make the next picture of the folder the background, by editing the YAML file.

    Pictures are in natural order (`2.jpg` before `10.jpg`), the last one is followed by the first,
    and hidden files are skipped. The prefix of the file's name (nothing, `~/`, `$PICTURES/`) is
    kept.

    Args:
        path: The YAML file.
        is_picture: Whether a file is a picture, by its name.
        step: 1 forwards, -1 backwards.

    Returns:
        The new value of `background.path`.

    Raises:
        ConfigError: The background is not a picture, there is no other one, or the file cannot be
            used.
    """
    written = ""

    def stepped(config: Config) -> dict[str, str]:
        nonlocal written
        current = _current(config, path)
        following = _following(current, _pictures(current.parent, is_picture), step)
        if following is None:
            raise ConfigError(
                f'there is no other picture in "{current.parent}"',
                f"put more beside {current.name}, or `vcam set {_KEY}=FILE`",
            )
        written = _renamed(_written(path), current, following)
        return {_KEY: written}

    set_values(path, stepped)  # a concurrent step continues from here
    return written


def natural_key(name: str) -> tuple[Any, ...]:
    """Natural sort key: `2` before `10`, ignoring case."""
    parts = re.split("([0-9]+)", name.casefold())
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name


def _current(config: Config, path: Path) -> Path:
    background = config.background
    if background.type != "image" or background.path is None:
        raise ConfigError(
            f"background.type is {background.type} in {path}; only pictures have a next one",
            f"`vcam set background.type=image {_KEY}=FILE`",
        )
    return background.path


def _pictures(folder: Path, is_picture: Callable[[Path], bool]) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if _is_usable(file) and is_picture(file)]
    except OSError as error:
        raise ConfigError(
            f'the folder "{folder}" of {_KEY} cannot be read ({error.strerror})',
            f"`vcam set {_KEY}=FILE`",
        ) from None


def _is_usable(file: Path) -> bool:
    """Not for hidden files, nor for names with a $, which would be expanded as a variable."""
    return not file.name.startswith(".") and "$" not in file.name and file.is_file()


def _following(current: Path, pictures: list[Path], step: int) -> Path | None:
    """The next one, even if the current one has been removed."""

    def key(file: Path) -> tuple[Any, ...]:
        return natural_key(file.name)

    others = sorted((file for file in pictures if file.name != current.name), key=key)
    if not others:
        return None
    if step > 0:
        return next((file for file in others if key(file) > key(current)), others[0])
    return next((file for file in reversed(others) if key(file) < key(current)), others[-1])


def _written(path: Path) -> str:
    """The path as written in the file, in the active scene if that sets it."""
    document = load_plain(read_text(path))
    place = place_that_counts(document, _KEY.split("."))
    return str(functools.reduce(lambda part, key: part[key], place, document))


def _renamed(written: str, current: Path, following: Path) -> str:
    """`written` with another file name, or the whole path if it does not end in the name."""
    separators = f"/{os.sep}"
    name = re.split(f"[{re.escape(separators)}]", written)[-1]
    if name != current.name:
        return str(following.absolute())
    folder = written[: len(written) - len(name)]
    return f"{folder or './' * following.name.startswith('~')}{following.name}"
