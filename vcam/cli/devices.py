"""`vcam devices`: cameras and virtual cameras by name."""

from __future__ import annotations

import click

from vcam.cli.invocation import as_typed
from vcam.devices.listing import device_data, device_lines
from vcam.doctor.system import System
from vcam.pipewire import graph
from vcam.system.printable import printable, printable_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def devices(as_json: bool) -> None:
    """List cameras and virtual cameras: formats, sizes, rates, and which programs have them open.

    \b
    A camera can be named in the YAML (camera.device) by any of:
      its number, its path, one of its lasting links, its name as this or another program
      shows it, or part of that.

    "read by" names the programs that take pictures from it, "open in" those that write to it or
    only look. Only root sees the programs of other users.
    """
    found = graph.parse(System().answer(graph.DUMP) or "")
    offered = found.cameras if found else ()
    if as_json:
        click.echo(printable_json(device_data(offered=offered), indent=2))
        return
    for line in device_lines(offered=offered):
        click.echo(as_typed(printable(line)))
