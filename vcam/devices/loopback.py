"""The v4l2loopback node that other programs see as a camera."""

from __future__ import annotations

from pathlib import Path

from vcam.devices.host import HOST, Host
from vcam.devices.nodes import Node, list_nodes
from vcam.errors import SinkError

SETUP = "scripts/setup-linux"
DRIVER = "v4l2 loopback"
"""What the driver calls itself."""


def find_virtual_camera(wanted: str = "Virtual Camera", host: Host = HOST) -> Node:
    """The loopback node that is meant, and no other program's.

    Args:
        wanted: The node's label, exactly, or its path such as /dev/video10.
        host: The machine.

    Raises:
        SinkError: There is no such node, it is no loopback, or several have that label.
    """
    nodes = list_nodes(host)
    loopbacks = [node for node in nodes if node.is_loopback]
    if wanted.startswith("/"):
        found = [node for node in nodes if node.path == str(Path(wanted).resolve())]
    else:
        found = [node for node in loopbacks if node.name == wanted]
    if not found:
        raise _missing(wanted, loopbacks, host)
    if len(found) > 1:
        paths = " and ".join(node.path for node in found)
        raise SinkError(
            f"{paths} are both called {wanted!r}", "set output.device to the path of one of them"
        )
    if not found[0].is_loopback:
        raise SinkError(
            f"{wanted} is {found[0].name}, not a v4l2loopback node",
            f"set output.device to {_choice(loopbacks)}",
        )
    return found[0]


def driver_version(host: Host = HOST) -> tuple[int, ...] | None:
    """The version of the v4l2loopback that is loaded, such as (0, 12, 7); None if none is."""
    module = host.modules / "v4l2loopback"
    if not module.is_dir():
        return None
    try:
        text = (module / "version").read_text(encoding="ascii")
        return tuple(int(part) for part in text.strip().split("-")[0].split("."))
    except (OSError, ValueError):
        return ()


def is_installed(host: Host = HOST) -> bool:
    """Whether the running kernel has v4l2loopback, loaded or not."""
    try:
        index = (host.library / "modules.dep").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True  # not to be known: let modprobe speak
    return "v4l2loopback.ko" in index


def load_command(wanted: str = "Virtual Camera") -> str:
    """What to type to load the driver with one node of that label or path."""
    number, label = _number_and_label(wanted)
    return f'sudo modprobe v4l2loopback video_nr={number} card_label="{label}" exclusive_caps=1'


def add_command(wanted: str = "Virtual Camera") -> str:
    """What to type to add such a node to a driver (0.13 or later) that is loaded."""
    number, label = _number_and_label(wanted)
    return f'sudo v4l2loopback-ctl add -n "{label}" -x 1 /dev/video{number}'


def _number_and_label(wanted: str) -> tuple[int, str]:
    if not wanted.startswith("/"):
        return 10, wanted
    digits = wanted.removeprefix("/dev/video")
    return int(digits) if digits.isdecimal() else 10, "Virtual Camera"


def _missing(wanted: str, loopbacks: list[Node], host: Host) -> SinkError:
    version = driver_version(host)
    if not loopbacks and version is None:
        return _not_loaded(wanted, host)
    named = wanted if wanted.startswith("/") else f"called {wanted!r}"
    there = ", ".join(f"{node.name!r} at {node.path}" for node in loopbacks) or "none"
    add = f"type {add_command(wanted)}" if version and version >= (0, 13) else f"run {SETUP}"
    other = f", or set output.device to {_choice(loopbacks)}" if loopbacks else ""
    return SinkError(
        f"there is no virtual camera {named} (v4l2loopback nodes: {there})", f"{add}{other}"
    )


def _not_loaded(wanted: str, host: Host) -> SinkError:
    if is_installed(host):
        return SinkError(
            "the driver v4l2loopback is not loaded",
            f"run {SETUP}, or, where it is installed, type {load_command(wanted)}",
        )
    return SinkError(
        f"the driver v4l2loopback is not installed for this kernel ({host.library.name})",
        f"run {SETUP}",
    )


def _choice(loopbacks: list[Node]) -> str:
    if not loopbacks:
        return "a v4l2loopback node; there is none"
    paths = " or ".join(node.path for node in loopbacks)
    return f"{paths} if no other program uses it"
