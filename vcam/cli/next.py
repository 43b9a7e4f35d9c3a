"""`vcam next`: the next background."""

from __future__ import annotations

from pathlib import Path

import click

from vcam.cli.options import config_option
from vcam.config.find import find_config, user_config_path
from vcam.errors import ConfigError
from vcam.service.conversation import request
from vcam.service.lookup import find_instance, find_running
from vcam.system.printable import printable


@click.command("next")
@click.option("--previous", is_flag=True, help="Go back instead.")
@config_option
def next_command(previous: bool, config_path: Path | None) -> None:
    """Make the next picture the background.

    A slideshow that is running goes on to its next picture. Else background.path in the YAML
    file is set to the next picture beside it, in the order of their names, the first one after
    the last; a vcam that is running takes it over at once.

    \b
    Examples:
      vcam next
      vcam next --previous
    """
    by = -1 if previous else 1
    running = find_running(config_path)
    if running and request(running, "status")["background"] == "slideshow":
        request(running, "next", by=by)
        return
    loaded = find_config(config_path)
    if loaded.config.background.type == "slideshow":
        request(find_instance(config_path), "next", by=by)
        return
    if loaded.path is None:
        raise ConfigError(
            "you have no YAML file yet, so there is no picture to go on from",
            "`vcam set background.type=image background.path=FILE`",
        )
    from vcam.config.next_picture import step_background
    from vcam.images.picture_files import is_picture

    path = config_path or user_config_path()
    click.echo(f"background.path: {printable(step_background(path, is_picture, by))}")
