"""Errors for nodes that cannot be used, shared by the sinks, sources and the doctor."""

from __future__ import annotations

import errno
from typing import TypeVar

from vcam.devices.host import HOST, Host
from vcam.devices.loopback import keeps_format
from vcam.devices.nodes import holders
from vcam.devices.v4l2 import OUTPUT, Device, Format
from vcam.errors import SinkError, SourceError, VcamError

E = TypeVar("E", bound=VcamError)

ACTIVATE_OBS = (
    "install OBS Studio 30 or later, press Start Virtual Camera and Stop Virtual Camera in it "
    "once, and close it"
)
"""How Windows and macOS get a virtual camera."""


def not_allowed(node: object, kind: type[E], group: str = "video") -> E:
    """This user may not open it; members of `group` may."""
    return kind(
        f"{node} may not be opened by you",
        "then log out and log in again",
        [f"sudo usermod -aG {group} $USER"],
    )


def camera_busy(camera: object, path: str, host: Host = HOST) -> SourceError:
    """Another program has the camera."""
    users = ", ".join(map(str, holders(path, host)))
    return SourceError(
        f"{camera} is in use by {users or 'another program'}",
        f"close that program{', or choose Virtual Camera in it' if users else _who(path)}",
    )


def camera_gone(camera: object) -> SourceError:
    """It was there."""
    return SourceError(f"{camera} has gone", "plug it in again; `vcam devices` lists what there is")


def output_taken(device: Device, host: Host = HOST) -> SinkError:
    """A driver from 0.13 on refuses a second writer: a program writes, or keep_format is set."""
    if keeps_format(device) and not holders(device.path, host):
        return output_locked(device.path, device.format(OUTPUT), host)
    return output_busy(device.path, host)


def output_busy(path: str, host: Host = HOST) -> SinkError:
    """Another program writes to the virtual camera."""
    users = _users(path, host)
    unseen = "" if users else _who(path)
    advice = f"stop that program{unseen}, or set output.device to a node of vcam's own"
    if not users:
        advice += f"; where there is no such program, type {_let_go(path)}"
    return SinkError(f"another program writes to {path}{users}", advice)


def output_locked(path: str, held: Format, host: Host = HOST) -> SinkError:
    """The virtual camera is held at another size or format."""
    size = f"{held.width}x{held.height}"
    other = "" if held.fourcc == "YU12" else f" {held.fourcc.strip()}"
    users = _users(path, host)
    commands = [] if users else [_let_go(path)]
    advice = "close the camera in that program" if users else "once no program uses it"
    if held.fourcc == "YU12":
        advice += f", or set output.width and output.height to {size}"
    by = f" by a program{users}" if users else ""
    return SinkError(f"{path} is held at {size}{other}{by}", advice, commands)


def output_unopened(path: str, error: OSError, host: Host = HOST) -> SinkError:
    """The virtual camera cannot be opened."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return not_allowed(path, SinkError)
    if error.errno == errno.EBUSY:
        return SinkError(f"{path} is open too many times{_users(path, host)}", "close a program")
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return SinkError(f"{path} has gone", "load v4l2loopback again")
    return SinkError(f"{path} cannot be opened: {error.strerror}")


def _who(path: str) -> str:
    """How to find another user's program."""
    return f" (sudo fuser -v {path} names it)"


def _let_go(path: str) -> str:
    return f"v4l2-ctl -d {path} -c keep_format=0"


def _users(path: str, host: Host) -> str:
    there = ", ".join(map(str, holders(path, host)))
    return f" (open in {there})" if there else ""
