"""`vcam scene`: switching between named sets of keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from vcam.cli.options import config_option
from vcam.config.find import find_config, is_there, user_config_path
from vcam.system.printable import printable

if TYPE_CHECKING:
    from vcam.config import Config


def _offered(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    config = find_config(ctx.params.get("config_path")).config
    names = [*config.scenes, "none", "next", "previous"]
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, shell_complete=_offered)
@config_option
def scene(name: str | None, config_path: Path | None) -> None:
    """Go over to one of the scenes of your YAML file, at once and in the middle of a call too.

    A scene is a set of keys with a name of your own, below scenes: in the YAML file; the keys of
    the one that counts come before those beside it. NAME is one of them, or none, or next or
    previous, which pass over scenes that show your room. Without NAME they are listed.

    \b
    Examples:
      vcam scene
      vcam scene call
      vcam scene next
      vcam scene none
    """
    path = config_path or user_config_path()
    from vcam.config.scenes import no_scenes

    if name is None:
        _list(find_config(config_path).config)
    elif config_path is None and not is_there(path):
        raise no_scenes(path)
    else:
        _switch(path, name, config_path)


def _list(config: Config) -> None:
    for name in ("none", *config.scenes):
        click.echo(f"{'*' if name == config.scene else ' '} {printable(name)}")
    if not config.scenes:
        click.echo("  (write some below scenes: in the YAML file; docs/scenes.md has examples)")


def _switch(path: Path, name: str, config_path: Path | None) -> None:
    from vcam.cli.files import check_files
    from vcam.cli.set import report_needs_restart
    from vcam.config.changes import compare
    from vcam.config.scenes import switch_scene

    def check(before: Config, after: Config) -> None:
        check_files(after, compare(before, after).keys)

    before, after = switch_scene(path, name, check)
    told = f"{after.scene}, as before"
    if before.scene != after.scene:
        told = f"{before.scene} → {after.scene}"
    click.echo(printable(f"scene: {told}"))
    report_needs_restart(compare(before, after).needs_restart, config_path)
