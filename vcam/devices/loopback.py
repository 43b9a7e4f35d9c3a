"""The v4l2loopback node that other programs see as a camera."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from vcam.devices.capabilities import Capabilities
from vcam.devices.distribution import distribution, driver_advice, driver_packages, driver_rebuild
from vcam.devices.host import HOST, Host
from vcam.devices.nodes import Node, list_nodes
from vcam.devices.v4l2 import OUTPUT, Device
from vcam.errors import SinkError

logger = logging.getLogger(__name__)

DRIVER = "v4l2 loopback"
"""The driver's name in QUERYCAP."""

_KEEP_FORMAT = 0x0098F900
"""The driver's own control (`CID_KEEP_FORMAT` in v4l2loopback.c)."""


def find_virtual_camera(wanted: str = "Virtual Camera", host: Host = HOST) -> Node:
    """The requested loopback node, which must not be another program's.

    Args:
        wanted: The node's label, exactly, or its path such as /dev/video10.
        host: The machine.

    Raises:
        SinkError: There is no such node, it is not a loopback node, or several have that label.
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
    return _has_module(host.library, unknown=True)


def other_kernels(host: Host = HOST) -> list[str]:
    """The kernels of this machine, but for the running one, that have v4l2loopback."""
    try:
        folders = sorted(host.library.parent.iterdir())
    except OSError:
        return []
    return [f.name for f in folders if f != host.library and _has_module(f, unknown=False)]


def load_command(wanted: str = "Virtual Camera", host: Host = HOST) -> str:
    """The command that loads the driver with one node of that label or path."""
    number, label = _number_and_label(wanted, list_nodes(host))
    return f"sudo modprobe v4l2loopback {_options([(number, label, True)])}"


def add_command(wanted: str = "Virtual Camera", host: Host = HOST) -> str:
    """The command that adds such a node to a loaded driver (0.13 or later)."""
    number, label = _number_and_label(wanted, list_nodes(host))
    return f'sudo v4l2loopback-ctl add -n "{label.translate(_UNSAFE)}" -x 1 /dev/video{number}'


def reload_commands(wanted: str = "Virtual Camera", host: Host = HOST) -> list[str]:
    """The commands that reload the driver with its present nodes and the wanted one."""
    nodes = list_nodes(host)
    loopbacks = [node for node in nodes if node.is_loopback]
    given = _exclusive_caps(host)
    there = [
        (node.number, node.name, wanted in (node.name, node.path) or given[nth : nth + 1] != ["N"])
        for nth, node in enumerate(loopbacks)
    ]
    if not any(wanted in (node.name, node.path) for node in nodes):
        there.append((*_number_and_label(wanted, nodes), True))
    return ["sudo modprobe -r v4l2loopback", f"sudo modprobe v4l2loopback {_options(there)}"]


def lacks_exclusive_caps(node: Node, able: Capabilities) -> bool:
    """Whether a node was made without exclusive_caps=1, as far as can be seen.

    Without it, a node without writer reports capture, and one with a writer reports output.
    """
    idle = node.state == "output" or not (node.state or node.held_format)
    fed = node.state == "capture"
    return able.can_capture and (idle or (fed and able.can_output))


def not_exclusive(node: Node, host: Host = HOST) -> SinkError:
    """The error for `lacks_exclusive_caps`."""
    return SinkError(
        f"{node.path} was made without exclusive_caps=1, so that Chrome and others do not list it",
        "or run `vcam setup --reload`",
        reload_commands(node.name, host),
    )


def is_stuck(node: Node, able: Capabilities) -> bool:
    """Whether a node is unusable until `mend` is called.

    v4l2loopback before 0.13 with exclusive_caps=1 drops the output capability at the first write
    and restores it only when a descriptor that called STREAMON is closed. A program that only used
    write() leaves the node without it.
    """
    return not (able.can_capture or able.can_output or node.state)


def keeps_format(device: Device) -> bool:
    """Whether a node was told to keep its pixel format and size (keep_format)."""
    try:
        return device.control(_KEEP_FORMAT) != 0
    except OSError:  # older than that control
        return False


def mend(path: str, host: Host = HOST) -> bool:
    """Restore a stuck node's output capability; returns whether that worked."""
    with Device(path, host) as device:
        mark_as_writer(device)
    with Device(path, host) as device:
        return device.capabilities().can_output


def mark_as_writer(device: Device) -> None:
    """Have the driver restore the node's capabilities when this descriptor closes."""
    try:
        device.stream_on(OUTPUT)
    except OSError as error:  # EINVAL before a format is set; the mark is there all the same
        logger.debug("%s: STREAMON: %s", device.path, error)


def _has_module(library: Path, *, unknown: bool) -> bool:
    try:
        index = (library / "modules.dep").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return unknown  # unknown: let modprobe report it
    return "v4l2loopback.ko" in index


def _exclusive_caps(host: Host) -> list[str]:
    """The module's parameter for each node, "Y" or "N", in order."""
    try:
        parameters = host.modules / "v4l2loopback" / "parameters"
        return (parameters / "exclusive_caps").read_text(encoding="ascii").strip().split(",")
    except OSError:
        return []


def _options(nodes: Sequence[tuple[int, str, bool]]) -> str:
    """The module's options, as scripts/setup-linux writes them.

    Args:
        nodes: The number, the label and exclusive_caps of each.
    """
    count = f"devices={len(nodes)} " if len(nodes) > 1 else ""
    numbers = ",".join(str(number) for number, _, _ in nodes)
    labels = ",".join(label.translate(_UNSAFE) for _, label, _ in nodes)
    exclusive = ",".join(str(int(caps)) for _, _, caps in nodes)
    return f'{count}video_nr={numbers} card_label="{labels}" exclusive_caps={exclusive}'


_UNSAFE = dict.fromkeys([*map(ord, ",\"'`$\\"), *range(0x20), *range(0x7F, 0xA0)])
"""Characters in a label that the module, a shell or a terminal would interpret."""


def _number_and_label(wanted: str, nodes: Sequence[Node]) -> tuple[int, str]:
    digits = wanted.removeprefix("/dev/video")
    if digits.isdecimal():
        return int(digits), "Virtual Camera"
    taken = {node.number for node in nodes}
    free = next(number for number in range(10, 10 + len(taken) + 1) if number not in taken)
    return free, "Virtual Camera" if wanted.startswith("/") else wanted


def _missing(wanted: str, loopbacks: list[Node], host: Host) -> SinkError:
    version = driver_version(host)
    if not loopbacks and version is None:
        return not_loaded(wanted, host)
    named = wanted if wanted.startswith("/") else f"called {wanted!r}"
    there = ", ".join(f"{node.name!r} at {node.path}" for node in loopbacks) or "none"
    if version and version >= (0, 13) and shutil.which("v4l2loopback-ctl"):
        commands = [add_command(wanted, host)]
    else:
        commands = reload_commands(wanted, host)
    advice = f"or set output.device to {_choice(loopbacks)}" if loopbacks else ""
    return SinkError(
        f"there is no virtual camera {named} (v4l2loopback nodes: {there})", advice, commands
    )


def not_loaded(wanted: str = "Virtual Camera", host: Host = HOST) -> SinkError:
    """The error for a driver that is not loaded: whether it is installed, and what to type."""
    if not host.library.is_dir() and host.library.parent.is_dir():
        return SinkError(
            f"the modules of the running kernel ({host.library.name}) are gone: it was updated",
            "restart the machine",
        )
    if is_installed(host):
        return SinkError(
            "the driver v4l2loopback is not loaded",
            "or run `vcam setup`, which has it loaded at every boot too",
            [load_command(wanted, host)],
        )
    return _not_installed(wanted, host)


def _not_installed(wanted: str, host: Host) -> SinkError:
    others = other_kernels(host)
    problem = f"the driver v4l2loopback is not installed for this kernel ({host.library.name})"
    if others:
        problem += f", only for {', '.join(others)}"
    has_source = (host.root / "var/lib/dkms/v4l2loopback").is_dir()
    commands = driver_rebuild(host) if others or has_source else driver_packages(host)
    if not commands:
        return SinkError(problem, driver_advice(host))
    knows = distribution(host).family
    advice = "or run `vcam setup`, which does all that" if knows else ""
    return SinkError(problem, advice, [*commands, load_command(wanted, host)])


def _choice(loopbacks: list[Node]) -> str:
    if not loopbacks:
        return "a v4l2loopback node; there is none"
    paths = " or ".join(node.path for node in loopbacks)
    return f"{paths} if no other program uses it"
