"""`vcam completion`: shell completion of commands, options and YAML keys."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import get_completion_class

from vcam.config.jsonschema import shipped_schema
from vcam.config.keys import Key, all_keys


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes the tab key complete vcam's commands, options and YAML keys.

    \b
    Bash, with its package bash-completion:
      mkdir -p ~/.local/share/bash-completion/completions
      vcam completion bash > ~/.local/share/bash-completion/completions/vcam
    Zsh, whose ~/.zshrc has fpath+=~/.zfunc before compinit:
      mkdir -p ~/.zfunc
      vcam completion zsh > ~/.zfunc/_vcam
    Fish:
      vcam completion fish > ~/.config/fish/completions/vcam.fish
    """
    made = get_completion_class(shell)
    assert made is not None  # click has all three
    click.echo(made(ctx.find_root().command, {}, "vcam", "_VCAM_COMPLETE").source())


def assignments(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The completions of KEY=VALUE for an incomplete word.

    Bash passes KEY, = and VALUE as separate words, other shells as one.
    """
    before = ctx.params.get(parameter.name or "") or ()
    if before and before[-1] == "=":
        return _values(before[-2] if len(before) > 1 else "", incomplete)
    key, equals, value = incomplete.partition("=")
    if not equals and before and "=" not in before[-1]:
        return _values(before[-1], incomplete)  # bash, behind "KEY="
    if equals:
        return [f"{key}={one}" for one in _values(key, value)]
    names = [key.name for key in _keys() if key.name.startswith(incomplete)]
    if len(names) == 1:  # more than one word keeps the shell from adding a space
        return [f"{names[0]}=", *(f"{names[0]}={one}" for one in _values(names[0], ""))]
    return [f"{name}=" for name in names]


def _values(name: str, incomplete: str) -> list[str]:
    known = {key.name: key for key in _keys()}
    if name not in known:
        return []
    if known[name].kind == "file":
        return _files(incomplete)
    values = known[name].choices or (known[name].default,)
    return [value for value in values if value and value.startswith(incomplete)]


def _files(incomplete: str) -> list[str]:
    """Files and folders whose path begins with that; for a single folder also its content."""
    typed, name = incomplete[: incomplete.rfind("/") + 1], incomplete.rpartition("/")[2]
    try:
        entries = sorted(Path(typed or ".").expanduser().iterdir())
    except (OSError, RuntimeError):
        return []
    found = [
        f"{typed}{entry.name}{'/' * entry.is_dir()}"
        for entry in entries
        if entry.name.startswith(name) and (name or entry.name[0] != ".")
    ]
    is_folder = len(found) == 1 and found[0].endswith("/") and found[0] != incomplete
    return found + _files(found[0]) if is_folder else found


def known_keys() -> list[str]:
    """The name of every key, with dots, in the order of the schema."""
    return [key.name for key in _keys()]


def choices_of(name: str) -> tuple[str, ...]:
    """The values of a key, if they are a closed list."""
    return next((key.choices for key in _keys() if key.name == name), ())


def switches() -> list[str]:
    """The boolean keys."""
    return [key.name for key in _keys() if key.choices == ("true", "false")]


def _keys() -> list[Key]:
    return all_keys(shipped_schema())
