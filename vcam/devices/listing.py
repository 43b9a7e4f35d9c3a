"""Listing cameras and virtual cameras with all their properties, as text and as data."""

from __future__ import annotations

import dataclasses
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from vcam.devices.cameras import Camera, list_cameras, raw_in_words, raw_nodes
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.controls import Control, list_controls
from vcam.devices.host import HOST, Host
from vcam.devices.nodes import Node, holders, list_nodes
from vcam.devices.readers import streams
from vcam.devices.v4l2 import Device

_MOST_FORMATS = 6


def device_lines(host: Host = HOST, offered: Sequence[str] = ()) -> list[str]:
    """The output of `vcam devices`; `offered` are the cameras that vcam offers in PipeWire."""
    cameras, virtual = _found(host)
    lines = ["Cameras:"]
    for camera in cameras:
        lines += _camera_lines(camera, host)
    raw = raw_nodes(host)
    if raw:
        lines.append(f"  {raw_in_words(raw)}: a virtual camera of the maker's software shows them")
    lines += [] if cameras or raw else ["  none found; plug one in"]
    lines.append("Virtual cameras:")
    lines += [_node_line(node, host) for node in virtual]
    lines += [
        f"  {name} (PipeWire): offered by vcam to programs that look there" for name in offered
    ]
    return lines + ([] if virtual or offered else [f"  {_none_found()}"])


def device_data(host: Host = HOST, offered: Sequence[str] = ()) -> dict[str, Any]:
    """The same, ready for JSON; `open_in` says which programs have it open and which stream."""
    cameras, virtual = _found(host)
    nodes = {
        name: [dataclasses.asdict(found) | {"open_in": _users(found.path, host)} for found in those]
        for name, those in (("cameras", cameras), ("virtual_cameras", virtual))
    }
    for camera in nodes["cameras"]:
        camera["controls"] = [_control_data(control) for control in _controls(camera["path"], host)]
    raw = [dataclasses.asdict(node) for node in raw_nodes(host)]
    return nodes | {"raw_nodes": raw, "pipewire_cameras": list(offered)}


def _found(host: Host) -> tuple[Sequence[Camera], Sequence[Node]]:
    cameras = [camera for camera in list_cameras(host) if not camera.is_loopback]
    return cameras, [node for node in list_nodes(host) if node.is_loopback]


def _camera_lines(camera: Camera, host: Host) -> Iterator[str]:
    yield f"  {camera}{_used(camera.path, host, ': ')}"
    yield from (f"    {link}" for link in camera.links)
    by_format: dict[str, list[CaptureMode]] = defaultdict(list)
    for mode in camera.modes:
        by_format[mode.fourcc.strip()].append(mode)
    for fourcc in list(by_format)[:_MOST_FORMATS]:
        yield f"    {fourcc}: {_sizes(by_format[fourcc])}"
    if len(by_format) > _MOST_FORMATS:
        yield f"    and {len(by_format) - _MOST_FORMATS} more formats (--json shows all)"
    if controls := _controls(camera.path, host):
        yield "    camera.controls:"
        yield from (f"      {_control_line(control)}" for control in controls)


def _controls(path: str, host: Host) -> list[Control]:
    if sys.platform != "linux":
        return []
    try:
        with Device(path, host) as device:
            return list_controls(device)
    except OSError:  # it may not be opened, or is gone
        return []


def _control_line(control: Control) -> str:
    """Such as "brightness: 0 to 255, now 128"."""
    other = " (another control decides)" if control.is_inactive else ""
    return f"{control.name}: {control.offers}, now {control.in_words(control.value)}{other}"


def _control_data(control: Control) -> dict[str, Any]:
    return dataclasses.asdict(control) | {"menu": dict(control.menu)}


def _sizes(modes: Sequence[CaptureMode]) -> str:
    """Such as "1280x720, 640x480 at 30, 15 fps; 1920x1080 at 5 fps"."""
    by_rates: dict[tuple[float, ...], list[str]] = defaultdict(list)
    for mode in modes:
        size = f"{mode.width}x{mode.height}"
        if mode.smallest:
            size = f"{mode.smallest[0]}x{mode.smallest[1]} to {size}"
        by_rates[mode.rates].append(size)
    return "; ".join(", ".join(sizes) + _at(rates) for rates, sizes in by_rates.items())


def _at(rates: Sequence[float]) -> str:
    return f" at {', '.join(f'{rate:g}' for rate in rates)} fps" if rates else ""


def _node_line(node: Node, host: Host) -> str:
    state = f"carries {node.held_format}" if node.held_format else "idle"
    return f"  {node.name} ({node.path}): {state}{_used(node.path, host, '; ')}"


def _used(path: str, host: Host, before: str) -> str:
    """Who streams from a node, and who only has it open: a writer, or a program that looks."""
    there = holders(path, host)
    reading = [str(holder) for holder in there if streams(holder, path, host)]
    others = [str(holder) for holder in there if str(holder) not in reading]
    parts = [f"{how} {', '.join(who)}" for how, who in
             (("read by", reading), ("open in", others)) if who]  # fmt: skip
    return before + "; ".join(parts) if parts else ""


def _users(path: str, host: Host) -> list[dict[str, Any]]:
    return [
        dataclasses.asdict(holder) | {"streams": streams(holder, path, host)}
        for holder in holders(path, host)
    ]


def _none_found() -> str:
    if sys.platform == "linux":
        return "none found; `vcam doctor` says why, and what to type"
    return "the system does not list them; OBS or Unity Capture brings one"
