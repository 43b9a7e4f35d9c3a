"""The order of the pictures in a folder that may change at any time."""

from __future__ import annotations

import bisect
import os
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from vcam.errors import BackgroundError
from vcam.images import kinds
from vcam.images.picture_files import SUFFIXES

Order: TypeAlias = Literal["name", "shuffle"]

_CURE = "name a folder with pictures in background.path"
_SUFFIXES = (*SUFFIXES, *kinds.SUFFIXES, ".gif")


class Playlist:
    """Pictures in a circle; the folder is read again at every step.

    Args:
        scan: The pictures there are now.
        key: Sort key; always the same for a path.
        name: Of the folder or list, for messages.
    """

    def __init__(
        self, scan: Callable[[], Sequence[Path]], key: Callable[[Path], Any], name: str
    ) -> None:
        self._scan, self._key, self.name = scan, key, name

    def pictures(self) -> list[Path]:
        """All current pictures, in order; none if the folder cannot be read."""
        return sorted(self._scan(), key=self._key)

    def after(self, path: Path, by: int) -> list[Path]:
        """All pictures except `path`, beginning with the one `by` steps after it.

        The rest follow in the same direction, to be tried if the first cannot be shown. A `path`
        that has been removed keeps its place in the order. `by` is not 0.
        """
        pictures = self.pictures()
        keys = [self._key(each) for each in pictures]
        place = bisect.bisect_left(keys, self._key(path))
        if by > 0 and path not in pictures:
            place -= 1  # the next one has moved up into its place
        step = 1 if by > 0 else -1
        count = len(pictures)
        circle = [pictures[(place + by + step * i) % count] for i in range(count)]
        return [each for each in circle if each != path]


def make_playlist(folder: Path | None, files: Sequence[Path], order: Order) -> Playlist:
    """A playlist of `files`, or of the pictures in `folder` if there are none.

    Raises:
        BackgroundError: There is no such folder.
    """
    if files:
        places = {path: place for place, path in reversed(list(enumerate(files)))}
        in_list = places.__getitem__ if order == "name" else _by_chance()
        return Playlist(lambda: list(places), in_list, "background.paths")
    if folder is None:
        raise BackgroundError("there is no folder", _CURE)
    _check_folder(folder)
    in_folder = _by_name if order == "name" else _by_chance()
    return Playlist(lambda: _pictures_in(folder), in_folder, f'the folder "{folder}"')


def _check_folder(folder: Path) -> None:
    try:
        with os.scandir(folder):
            return
    except (FileNotFoundError, NotADirectoryError):
        raise BackgroundError(f'there is no folder "{folder}"', _CURE) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise BackgroundError(f'the folder "{folder}" cannot be read ({reason})', _CURE) from None


def _pictures_in(folder: Path) -> list[Path]:
    """Entries with the names of pictures, except hidden ones and folders.

    They include unreadable ones: loading them reports why.
    """
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if _is_picture(entry)]
    except OSError:  # the folder is gone for now
        return []


def _is_picture(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    if not name.endswith(_SUFFIXES) or name.startswith("."):
        return False
    try:
        return not entry.is_dir()
    except OSError:  # a link to itself, or into a folder that is closed
        return True


def _by_name(path: Path) -> tuple[list[str | int], str]:
    """Natural order, 2.jpg before 10.jpg, ignoring case."""
    parts = re.split("([0-9]+)", path.name.casefold())
    return [int(part) if part.isdecimal() else part for part in parts], path.name


def _by_chance() -> Callable[[Path], Any]:
    """A random order, new for every playlist but stable within it."""
    drawn = random.random()
    return lambda path: (random.Random(f"{drawn} {path}").random(), path)
