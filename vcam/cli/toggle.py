"""`vcam toggle`: one key of the keyboard for on and off."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from vcam.cli.options import config_option
from vcam.errors import ConfigError
from vcam.service.conversation import request
from vcam.service.lookup import find_instance


def _offered(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from vcam.cli.completion import switches

    return [CompletionItem(one) for one in ("pause", *switches()) if one.startswith(incomplete)]


@click.command()
@click.argument("what", metavar="WHAT", shell_complete=_offered)
@config_option
def toggle(what: str, config_path: Path | None) -> None:
    """Turn something on if it is off, and off if it is on: for a key of your keyboard.

    WHAT is pause, or a key of the YAML file that is true or false.
    docs/scenes.md says how to put it on a key in GNOME, KDE, sway and Windows.

    \b
    Examples:
      vcam toggle pause
      vcam toggle camera.mirror
    """
    if what != "pause":
        _toggle_key(what, config_path)
        return
    state = request(find_instance(config_path), "toggle-pause")["state"]
    is_paused = state == "paused"
    click.echo("paused: viewers see the background or your card" if is_paused else "resumed")


def _toggle_key(key: str, config_path: Path | None) -> None:
    from vcam.cli.completion import switches
    from vcam.cli.get import value_of
    from vcam.cli.set import change
    from vcam.config.find import find_config

    value = value_of(find_config(config_path).config, key)
    if not isinstance(value, bool):
        raise ConfigError(
            f"{key} cannot be toggled: it is not true or false",
            f"these can: pause, {', '.join(switches())}",
        )
    change({key: not value}, config_path)
