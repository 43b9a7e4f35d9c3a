"""Output files of commands: never overwritten unasked, never written through a link."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import click

from vcam.errors import SinkError

F = TypeVar("F", bound=Callable[..., Any])


def overwrite_option(command: F) -> F:
    """Adds `--overwrite`."""
    return click.option("--overwrite", is_flag=True, help="Replace a file that is there.")(command)


def check_free(path: Path, overwrite: bool) -> None:
    """Check that writing `path` destroys nothing unintentionally.

    Raises:
        SinkError: Something exists there, and `--overwrite` was not given.
    """
    if path.is_symlink():
        raise SinkError(
            f"{path} is a link to {os.readlink(path)}, and links are not written through",  # noqa: PTH115 - as it stands
            "name the file itself",
        )
    if path.exists() and not overwrite:
        raise SinkError(f"{path} is there already", "name another file, or add --overwrite")


def unused_path(path: Path, suffixes: Sequence[str]) -> Path:
    """`path`, or a numbered variant, such that no file exists with any of the suffixes."""
    names = (path.with_stem(f"{path.stem}-{n}") if n > 1 else path for n in count(1))
    return next(
        name for name in names if not any(map(os.path.lexists, map(name.with_suffix, suffixes)))
    )
