"""The virtual camera's node: its label, its state, its format, and who has it open."""

from __future__ import annotations

from collections.abc import Iterator

from vcam.devices.loopback import (
    is_stuck,
    keeps_format,
    lacks_exclusive_caps,
    mend,
    not_exclusive,
)
from vcam.devices.node_errors import output_locked, output_taken
from vcam.devices.nodes import holders, list_nodes
from vcam.devices.v4l2 import OUTPUT, Device
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Fix, Level
from vcam.doctor.module import command_fix
from vcam.errors import SinkError

_OWNERS = {"obs": "OBS", "droidcam": "DroidCam", "iriun": "Iriun"}
"""Programs by a word in the labels of their nodes."""

_STANDARD = ((640, 480), (1280, 720), (1920, 1080))


def node(case: Case) -> Iterator[Finding]:
    """Whether there is a loopback node with the configured label or path."""
    try:
        found = case.node
    except SinkError as error:
        others = [n.name for n in list_nodes(case.system.host) if n.is_loopback]
        owners = {owner for word, owner in _OWNERS.items() for name in others
                  if word in name.lower()}  # fmt: skip
        whose = f"; those are for {' and '.join(sorted(owners))}" if owners else ""
        yield _mended_by("node", error.problem + whose, error, case)
        return
    yield Finding("node", Level.OK, f"{found.name} ({found.path})")


def state(case: Case) -> Iterator[Finding]:
    """Whether vcam can write to it at this size, and browsers will list it."""
    found, able = case.node, case.able
    if is_stuck(found, able):
        yield _stuck(found.path)
        return
    if lacks_exclusive_caps(found, able):
        error = not_exclusive(found, case.system.host)
        yield _mended_by("state", error.problem, error, case)
    elif _is_vcams(case):
        yield Finding("state", Level.OK, f"fed by vcam: {found.held_format}")
    elif found.state == "capture":
        with Device(found.path, case.system.host) as device:
            yield Finding.of("state", output_taken(device, case.system.host))
    elif locked := _locked(case):
        yield Finding.of("state", locked)
    elif not able.can_output:
        yield _in_doubt(case)
    else:
        yield _idle(case)


def users(case: Case) -> Iterator[Finding]:
    """Which programs have the virtual camera open."""
    readers = case.status.get("readers") or []
    there = [str(user) for user in case.users]
    names = dict.fromkeys([*readers, *there])
    text = f"open in {', '.join(names)}" if names else "no program that you may see has it open"
    yield Finding("users", Level.OK, text)


def _size(case: Case) -> tuple[int, int]:
    return case.config.output.width, case.config.output.height


def _locked(case: Case) -> SinkError | None:
    """Why the node cannot get the configured size: a reader or a control keeps the old one."""
    host, path = case.system.host, case.node.path
    with Device(path, host) as device:
        if not (case.users or keeps_format(device)):
            return None
        held = device.format(OUTPUT)
    if case.users:
        is_other = case.node.held_size not in (None, _size(case))
    else:
        is_other = (held.fourcc, held.width, held.height) != ("YU12", *_size(case))
    return output_locked(path, held, host) if is_other else None


def _is_vcams(case: Case) -> bool:
    """Whether the running vcam has the node open."""
    own = case.status.get("pid")
    return any(user.pid == own for user in holders(case.node.path, case.system.host))


def _idle(case: Case) -> Finding:
    width, height = _size(case)
    if (width, height) not in _STANDARD:
        text = f"idle; some programs will not take {width}x{height}, only common sizes"
        commands = ("vcam set output.width=1280 output.height=720",)
        return Finding("state", Level.WARNING, text, commands)
    return Finding("state", Level.OK, f"idle, ready for {width}x{height}")


def _stuck(path: str) -> Finding:
    text = (
        f"{path} can do nothing: the program that wrote to it last left it stuck, as drivers "
        "before 0.13 allow; vcam mends that whenever it starts"
    )
    fix = Fix(
        f"mend {path} (STREAMON and close, as OBS does)",
        lambda system: mend(path, system.host),
    )
    return Finding("state", Level.WARNING, text, ("vcam doctor --fix",), "", (fix,))


def _in_doubt(case: Case) -> Finding:
    """With old drivers a node with a writer looks like one with a reader left over."""
    users = ", ".join(map(str, case.users)) or "programs that you may not see"
    text = (
        f"{case.node.path} is fed, or was until its feeder ended; it is open in {users}. "
        "If nobody feeds it vcam takes it over"
    )
    return Finding("state", Level.WARNING, text, (), "close what feeds it")


def _mended_by(link: str, text: str, error: SinkError, case: Case) -> Finding:
    """A finding with commands that add a node or reload the driver.

    The doctor may run them itself, unless a program has a node open that would disappear.
    """
    host = case.system.host
    unloads = any("modprobe -r" in command for command in error.commands)
    nodes = [node for node in list_nodes(host) if unloads and node.is_loopback]
    users = dict.fromkeys(str(user) for node in nodes for user in holders(node.path, host))
    if users:
        advice = "; ".join(filter(None, (f"close first: {', '.join(users)}", error.advice)))
        return Finding(link, Level.PROBLEM, text, error.commands, advice)
    fixes = tuple(command_fix(command) for command in error.commands)
    return Finding(link, Level.PROBLEM, text, error.commands, error.advice, fixes)
