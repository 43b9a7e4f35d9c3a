"""`vcam set` and `vcam unset`: changing the YAML file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vcam.cli.completion import assignments
from vcam.cli.files import check_files, resolve_typed_paths
from vcam.cli.get import check_key, offered_keys
from vcam.cli.invocation import as_typed
from vcam.cli.options import config_option
from vcam.config.find import is_there, user_config_path
from vcam.service.lookup import find_instance
from vcam.service.owners import holder
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


@click.command("unset")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True, shell_complete=offered_keys)
@config_option
def unset_command(keys: tuple[str, ...], config_path: Path | None) -> None:
    """Take keys out of the YAML file, so that their defaults count again.

    What the scene that counts sets is taken out of the scene. A vcam that is running takes it
    over at once.

    \b
    Examples:
      vcam unset background.blur
      vcam unset output.placeholder.type output.placeholder.text
    """
    from vcam.config.edit import unset_values

    path = config_path or user_config_path()
    if config_path is None and not is_there(path):
        click.echo("you have no YAML file, so the defaults count")
        return
    for key in keys:
        check_key(key)
    _changed(path, keys, lambda: unset_values(path, keys, lambda c: _check(c, keys)), config_path)


def change(wanted: Mapping[str, Any], config_path: Path | None) -> None:
    """Write values by key to the YAML file, and report what changed and what needs a restart.

    Raises:
        VcamError: They are invalid, or name an unusable file; nothing is written then.
    """
    from vcam.config.edit import set_values
    from vcam.config.load import load_config

    path = config_path or user_config_path()
    is_new = not is_there(path)
    if config_path is not None and is_new:
        load_config(config_path)  # a file that was named has to be there; says how to make it
    values = resolve_typed_paths(wanted, path)

    def write() -> Config:
        config = set_values(path, values, lambda config: _check(config, wanted))
        if is_new:
            click.echo(f"wrote {printable(path)}")
        return config

    _changed(path, wanted, write, config_path)


def _changed(
    path: Path, keys: Collection[str], write: Callable[[], Config], config_path: Path | None
) -> None:
    """Write, and report what changed, what has no effect, and what needs a restart."""
    from vcam.config.changes import needs_restart, why_without_effect
    from vcam.config.edit import shown_values

    before = shown_values(path, keys)
    config = write()
    after = shown_values(path, keys)
    for key in keys:
        click.echo(printable(_difference(key, before[key], after[key])))
    for note in filter(None, (why_without_effect(key, config) for key in keys)):
        click.echo(as_typed(printable(note)))
    changed = [key for key in keys if before[key] != after[key]]
    report_needs_restart([key for key in changed if needs_restart(key)], config_path)


def report_needs_restart(keys: Collection[str], config_path: Path | None) -> None:
    """Report which of the changed keys a running vcam does not apply."""
    if keys and holder(find_instance(config_path)):
        said = f"{', '.join(keys)} cannot change while vcam runs: type `vcam restart`"
        click.echo(as_typed(said))


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


def _difference(key: str, before: str, after: str) -> str:
    return f"{key}: {after}, as before" if before == after else f"{key}: {before} → {after}"
