"""`vcam set`: changing the YAML file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vcam.cli.completion import assignments
from vcam.cli.files import check_files, from_here
from vcam.cli.options import config_option
from vcam.config.find import is_there, user_config_path
from vcam.service.lock import holder
from vcam.service.lookup import find_instance
from vcam.system.printable import printable

if TYPE_CHECKING:
    from vcam.config import Config


@click.command("set")
@click.argument("assignments", metavar="KEY=VALUE...", nargs=-1, required=True,
                shell_complete=assignments)  # fmt: skip
@config_option
def set_command(assignments: tuple[str, ...], config_path: Path | None) -> None:
    """Change values in the YAML file; a vcam that is running takes them over at once.

    Comments and order are kept, and nothing is written unless all of it is valid and the files
    that it names can be used. Relative paths start at the current folder. Where you have no YAML
    file yet, one is made. Values are YAML, except that # starts no comment.

    \b
    Examples:
      vcam set background.type=blur
      vcam set background.type=image background.path=~/Pictures/beach.jpg
      vcam set background.color=#00b140
      vcam set 'background.stops=[{color: navy, at: 0}, {color: #88aacc, at: 1}]'
    """
    from vcam.config.values import parse_value

    written = dict(_split(assignment) for assignment in assignments)
    change({key: parse_value(value) for key, value in written.items()}, config_path)


def change(wanted: Mapping[str, Any], config_path: Path | None) -> None:
    """Write values by key to the YAML file, and say what has changed and what waits.

    Raises:
        VcamError: They are not valid, or a file that they name cannot be used; nothing is
            written then.
    """
    from vcam.config.changes import needs_restart, why_without_effect
    from vcam.config.edit import set_values, shown_values
    from vcam.config.load import load_config

    path = config_path or user_config_path()
    is_new = not is_there(path)
    if config_path is not None and is_new:
        load_config(config_path)  # a file that was named has to be there; says how to make it
    before = shown_values(path, wanted)
    config = set_values(path, from_here(wanted, path), lambda config: _check(config, wanted))
    after = shown_values(path, wanted)
    if is_new:
        click.echo(f"wrote {printable(path)}")
    for key in wanted:
        click.echo(printable(_told(key, before[key], after[key])))
    for note in filter(None, (why_without_effect(key, config) for key in wanted)):
        click.echo(printable(note))
    waiting = [key for key in wanted if before[key] != after[key] and needs_restart(key)]
    if waiting and holder(find_instance(config_path)):
        click.echo(f"{', '.join(waiting)} cannot change while vcam runs: type `vcam restart`")


def _check(config: Config, keys: Collection[str]) -> None:
    check_files(config, keys)
    if any(key.startswith("camera.controls") for key in keys):
        from vcam.sources import check_controls

        check_controls(config)


def _split(assignment: str) -> tuple[str, str]:
    key, equals, value = assignment.partition("=")
    if not equals or not key.strip():
        raise click.UsageError(
            f'"{assignment}" is no KEY=VALUE; write, for example, background.type=blur'
        )
    return key.strip(), value


def _told(key: str, before: str, after: str) -> str:
    return f"{key}: {after}, as before" if before == after else f"{key}: {before} → {after}"
