"""`vcam background`: changing the background by one word."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from vcam.cli.options import config_option
from vcam.cli.set import change
from vcam.errors import BackgroundError
from vcam.system.shell import quoted

_PLAIN = ("blur", "gradient", "mask", "none")
"""Types that need no further keys; the last is never suggested."""
ROOMS = ("studio", "office", "library", "evening", "garden")
"""The values of `background.name`: the schema would load too slowly for completion."""
_WORDS = (*ROOMS, *_PLAIN)

_LIST = f"""\
blur               your room, out of focus
gradient           two colours, or those of background.stops
{", ".join(ROOMS)}
                   rooms that vcam draws
"#00b140", navy    one colour
FILE, FOLDER       a picture, a video, or the pictures of a folder in turn
mask               what is taken for you, for tuning
none               your room as it is: everybody sees it"""


def _offered(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    words = [CompletionItem(word) for word in _WORDS if incomplete and word.startswith(incomplete)]
    return words or [CompletionItem(incomplete, type="file")]  # shells do not take both


@click.command()
@click.argument("what", required=False, shell_complete=_offered)
@click.option("--list", "lists", is_flag=True, help="Say what there is, and change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before the room is shown.")
@config_option
def background(what: str | None, lists: bool, yes: bool, config_path: Path | None) -> None:
    """Put something else behind you, at once and in the middle of a call too.

    WHAT is blur, gradient, a room that vcam draws (studio, office, library, evening, garden), a
    colour, or the path of a picture, a video or a folder of pictures; mask shows what is taken for
    you. With none everybody sees your room: it asks first. A file that is called like one of these
    words is written with its folder: ./blur

    \b
    Examples:
      vcam background --list
      vcam background blur
      vcam background evening
      vcam background ~/Pictures/beach.jpg
      vcam background "#00b140"
      vcam background ~/Pictures
    """
    if lists:
        click.echo(_LIST)
        return
    if what is None:
        raise BackgroundError(
            "no background is named", "`vcam background --list` says what there is"
        )
    question = "Everybody will see your room as it is. Show it?"
    if what == "none" and not yes and not click.confirm(question):
        click.echo("nothing was changed")
        return
    change(_wanted_keys(what), config_path)


def _wanted_keys(what: str) -> dict[str, Any]:
    """The keys to set for the argument."""
    if not what.strip():  # Path("") would be this folder
        raise BackgroundError("no background is named", "write one: `vcam background blur`")
    if what in _PLAIN:
        return {"background.type": what}
    if what in ROOMS:
        return {"background.type": "drawn", "background.name": what}
    path = Path(what).expanduser()
    if path.exists():
        return {"background.type": _type_of(path), "background.path": str(path)}
    if _is_color(what):
        return {"background.type": "color", "background.color": what}
    raise BackgroundError(
        f'"{what}" is no file or folder here, no colour, and none of {", ".join(_WORDS)}',
        _cure(what),
    )


def _cure(what: str) -> str:
    """Advice with what may have been meant: a word, a colour or a file with a similar name."""
    from PIL import ImageColor

    path = Path(what).expanduser()
    files = {file.name.lower(): quoted(path.with_name(file.name)) for file in _beside(path)}
    for names, likeness in ((_WORDS[:-1], 0.7), (ImageColor.colormap, 0.7), (files, 0.8)):
        close = difflib.get_close_matches(path.name.lower(), names, 1, likeness)
        if close and (names is files or path.name == what):
            return f"did you mean {files[close[0]] if names is files else close[0]}?"
    return "check the path, or write a colour as a name or as #rrggbb in quotes"


def _beside(path: Path) -> list[Path]:
    try:
        return sorted(path.parent.iterdir())
    except OSError:
        return []


def _type_of(path: Path) -> str:
    """The type of background for a file or folder, by its content."""
    from vcam.images.picture_files import holds_picture

    if path.is_dir():
        return "slideshow"
    return "image" if holds_picture(path) else "video"


def _is_color(what: str) -> bool:
    from pydantic import TypeAdapter, ValidationError

    from vcam.config.schema.value_types import Color

    try:
        TypeAdapter(Color).validate_python(what)
    except ValidationError:
        return False
    return True
