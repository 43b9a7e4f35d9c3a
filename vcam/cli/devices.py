"""`vcam devices`: cameras and virtual cameras by name."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import defaultdict
from typing import Any

import click

from vcam.devices.cameras import Camera, list_cameras
from vcam.devices.nodes import Node, holders, list_nodes
from vcam.invocation import spoken

_MOST_FORMATS = 6


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def devices(as_json: bool) -> None:
    """List cameras and virtual cameras with what they offer.

    \b
    A camera can be named in the YAML (camera.device) by any of:
      its number, its path, one of its lasting links, or part of its name.
    """
    cameras = [camera for camera in list_cameras() if not camera.is_loopback]
    virtual = [node for node in list_nodes() if node.is_loopback]
    if as_json:
        click.echo(json.dumps(_as_data(cameras, virtual), indent=2, ensure_ascii=False))
        return
    click.echo("Cameras:")
    for camera in cameras:
        _show_camera(camera)
    if not cameras:
        click.echo("  none found; plug one in")
    click.echo("Virtual cameras:")
    for node in virtual:
        _show_node(node)
    if not virtual:
        click.echo(f"  {_none_found()}")


def _show_camera(camera: Camera) -> None:
    click.echo(f"  {camera}")
    for link in camera.links:
        click.echo(f"    {link}")
    sizes: dict[str, list[str]] = defaultdict(list)
    for mode in camera.modes:
        size = f"{mode.width}x{mode.height}"
        if mode.smallest:
            size = f"{mode.smallest[0]}x{mode.smallest[1]} to {size}"
        fastest = f" ({mode.rates[0]:g} fps)" if mode.rates else ""
        sizes[mode.fourcc.strip()].append(size + fastest)
    for fourcc in list(sizes)[:_MOST_FORMATS]:
        click.echo(f"    {fourcc}: {', '.join(sizes[fourcc])}")
    if len(sizes) > _MOST_FORMATS:
        click.echo(f"    and {len(sizes) - _MOST_FORMATS} more formats (--json shows all)")


def _show_node(node: Node) -> None:
    state = f"carries {node.held_format}" if node.held_format else "idle"
    users = ", ".join(map(str, holders(node.path)))
    click.echo(f"  {node.name} ({node.path}): {state}{f'; open in {users}' if users else ''}")


def _none_found() -> str:
    if sys.platform == "linux":
        return spoken("none found; `vcam doctor` says why, and what to type")
    return "the system does not list them; OBS or Unity Capture brings one"


def _as_data(cameras: list[Camera], virtual: list[Node]) -> dict[str, Any]:
    return {
        "cameras": [dataclasses.asdict(camera) for camera in cameras],
        "virtual_cameras": [
            dataclasses.asdict(node)
            | {"open_in": [dataclasses.asdict(holder) for holder in holders(node.path)]}
            for node in virtual
        ],
    }
