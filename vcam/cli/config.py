"""`vcam config`: the YAML file."""

from __future__ import annotations

import os
import sys
from io import StringIO
from pathlib import Path

import click
from ruamel.yaml import YAML

from vcam.cli.files import check_files
from vcam.cli.options import config_option
from vcam.config import Config, find_config, user_config_path
from vcam.config.changes import without_effect
from vcam.config.find import is_there
from vcam.config.jsonschema import SCHEMA_NAME, schema_text
from vcam.config.presets import preset_names, preset_text
from vcam.errors import ConfigError, VcamError
from vcam.system.editor import edit_file
from vcam.system.printable import printable, printable_lines


@click.group()
def config() -> None:
    """Find, check, show or write the YAML file."""


@config.command()
def path() -> None:
    """Print where your own YAML file is looked for."""
    found = user_config_path()
    click.echo(printable(found) if sys.stdout.isatty() else os.fsencode(found))


@config.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def check(file: Path | None) -> None:
    """Check FILE, or the YAML file that counts, and say what is wrong with it.

    The pictures and videos that it makes use of are opened too; cameras are not. Keys that
    have no effect beside the others are named.

    \b
    Examples:
      vcam config check
      vcam config check configs/blur.yaml
    """
    loaded = find_config(file)
    check_files(loaded.config)
    for note in without_effect(loaded.config):
        click.echo(printable(note))
    click.echo(f"{printable(loaded.path or 'built-in defaults')}: no faults")


@config.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def migrate(file: Path | None) -> None:
    """Write an older FILE, or your own, as this vcam would; comments are kept.

    What was there is kept beside it, with ".old" behind its name.
    """
    from vcam.config.rewrite import migrate as rewrite

    target = file or user_config_path()
    changes = rewrite(target)
    for change in changes:
        click.echo(printable(f"{change.old} is {change.new} now"))
    click.echo(printable(f"{target}: {'rewritten' if changes else 'up to date'}"))


@config.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def edit(file: Path | None) -> None:
    """Open FILE, or your own, in your editor ($VISUAL or $EDITOR), and check it after saving.

    It is written first where there is none. A vcam that is running takes over what you
    save; where it is wrong it goes on with what it had, and you are asked to edit it again.
    """
    target = file or user_config_path()
    if not is_there(target):
        _write(target, "default", force=False, has_folder=file is not None)
    while True:
        edit_file(target)
        try:
            check_files(find_config(target).config)
        except VcamError as error:
            from vcam.cli.main import say_error

            say_error(error)
            if not click.confirm("Edit it again?", default=True, err=True):
                click.get_current_context().exit(error.exit_code)
        else:
            click.echo(f"{printable(target)}: no faults")
            return


@config.command()
@config_option
def show(config_path: Path | None) -> None:
    """Print the configuration that counts, with every default filled in."""
    loaded = find_config(config_path)
    click.echo(f"# {printable(loaded.path or 'built-in defaults')}")
    text = _yaml(loaded.config, allow_unicode=True)
    if printable_lines(text) != text:
        text = _yaml(loaded.config, allow_unicode=False)
    click.echo(text, nl=False)


def _yaml(config: Config, *, allow_unicode: bool) -> str:
    yaml, stream = YAML(), StringIO()
    yaml.default_flow_style, yaml.allow_unicode = False, allow_unicode
    yaml.dump(config.model_dump(mode="json"), stream)
    return stream.getvalue()


@config.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--preset", default="default", show_default=True, metavar="NAME",
              help=f"One of: {', '.join(preset_names())}.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init(file: Path | None, preset: str, force: bool) -> None:
    """Write a commented YAML file to edit: FILE, or your own.

    \b
    Examples:
      vcam config init
      vcam config init --preset blur
    """
    _write(file or user_config_path(), preset, force=force, has_folder=file is not None)


def _write(target: Path, preset: str, *, force: bool, has_folder: bool = False) -> None:
    text = preset_text(preset)
    try:
        if not has_folder:
            target.parent.mkdir(parents=True, exist_ok=True)
        if force and os.path.lexists(target):
            backup = target.with_name(f"{target.name}.old")
            target.replace(backup)
            click.echo(f"kept what was there as {printable(backup)}")
        with target.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(text)
        target.with_name(SCHEMA_NAME).write_text(schema_text(), encoding="utf-8")
    except FileExistsError:
        raise ConfigError(f"{target} is there already", "--force replaces it") from None
    except OSError as error:
        raise ConfigError(f"{target} cannot be written ({error.strerror})") from None
    click.echo(f"wrote {printable(target)}, and {SCHEMA_NAME} beside it for editors")
