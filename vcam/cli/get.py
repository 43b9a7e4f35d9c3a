"""`vcam get`: the value of a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from vcam.cli.completion import known_keys
from vcam.cli.options import config_option
from vcam.config.find import find_config
from vcam.errors import ConfigError
from vcam.system.printable import printable, printable_json

if TYPE_CHECKING:
    from vcam.config import Config


def offered_keys(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Keys that begin with that."""
    return [CompletionItem(key) for key in known_keys() if key.startswith(incomplete)]


@click.command("get")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True, shell_complete=offered_keys)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@config_option
def get_command(keys: tuple[str, ...], as_json: bool, config_path: Path | None) -> None:
    """Print what counts for a key, with the default where your YAML file says nothing.

    A section prints all of its keys; of several keys each is named.

    \b
    Examples:
      vcam get background.type
      vcam get background.type background.path
      vcam get --json background
    """
    config = find_config(config_path).config
    found = {key: value_of(config, key) for key in keys}
    if as_json:
        click.echo(printable_json(found if len(keys) > 1 else found[keys[0]]))
        return
    for key, value in found.items():
        lines = dict(_flat(key, value))
        bare = len(keys) == 1 and list(lines) == [key]
        for name, one in lines.items():
            click.echo(printable(_shown(one) if bare else f"{name}: {_shown(one)}"))


def value_of(config: Config, key: str) -> Any:
    """The value of the key, or of all keys of the section, as plain dicts, lists and scalars.

    Raises:
        ConfigError: There is no such key.
    """
    document: Any = config.model_dump(mode="json")
    for part in key.split("."):
        if not isinstance(document, dict) or part not in document:
            raise _unknown(key)
        document = document[part]
    return document


def _flat(key: str, value: Any) -> list[tuple[str, Any]]:
    """The keys of a section, with dots; a value that is not a section unchanged."""
    if not isinstance(value, dict) or not value or key in known_keys():
        return [(key, value)]
    return [pair for name, inner in value.items() for pair in _flat(f"{key}.{name}", inner)]


def _shown(value: Any) -> str:
    from vcam.config.values import render_value

    if value is None:
        return "nothing"
    return value if isinstance(value, str) else render_value(value)


def check_key(key: str) -> None:
    """Refuse anything that is neither a key nor an entry of a map such as the camera's controls.

    Raises:
        ConfigError: There is no such key; suggests the one probably meant.
    """
    parts = key.split(".")
    if not any(".".join(parts[:end]) in known_keys() for end in range(1, len(parts) + 1)):
        raise _unknown(key)


def _unknown(key: str) -> ConfigError:
    import difflib

    close = difflib.get_close_matches(key, known_keys(), 1)
    guess = f'did you mean "{close[0]}"?' if close else "docs/configuration.md names every key"
    return ConfigError(f'there is no key "{key}"', guess)
