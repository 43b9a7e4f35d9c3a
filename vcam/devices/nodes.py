"""Video nodes from sysfs, and the processes that have them open."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from vcam.devices.host import HOST, Host
from vcam.system.descriptors import are_used_up


@dataclass(frozen=True)
class Node:
    """One video node; reading it opens no device.

    Attributes:
        path: Such as /dev/video0.
        number: The number in that path.
        name: The device's name, or a loopback node's label.
        part: Which of its device's nodes it is; 0 is the first.
        is_loopback: Whether v4l2loopback made it.
        held_format: What a loopback node carries at present, such as "YU12:640x360@30".
        state: "capture" while a loopback node has a writer, else "output"; empty before
            v4l2loopback 0.13, which does not tell.
    """

    path: str
    number: int
    name: str
    part: int = 0
    is_loopback: bool = False
    held_format: str = ""
    state: str = ""

    @property
    def held_size(self) -> tuple[int, int] | None:
        """Width and height in `held_format`; None where it is empty."""
        found = re.search(r":(\d+)x(\d+)@", self.held_format)
        return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class Holder:
    """A process that has a node open.

    Attributes:
        pid: The process.
        name: Its program's name, such as "zoom".
    """

    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def list_nodes(host: Host = HOST) -> list[Node]:
    """All video nodes, by number."""
    folders = host.sysfs.glob("video*") if host.sysfs.is_dir() else ()
    nodes = (_node(folder, host) for folder in folders if folder.name[5:].isdecimal())
    return sorted(nodes, key=lambda node: node.number)


def _node(folder: Path, host: Host) -> Node:
    part = _read(folder / "index")
    return Node(
        path=str(host.dev / folder.name),
        number=int(folder.name.removeprefix("video")),
        name=_read(folder / "name"),
        part=int(part) if part.isdigit() else 0,
        is_loopback=(folder / "max_openers").exists(),
        held_format=_read(folder / "format"),
        state=_read(folder / "state"),
    )


def holders(path: str, host: Host = HOST) -> list[Holder]:
    """As `find_holders`; empty if that cannot be determined."""
    try:
        return find_holders(path, host)
    except OSError:
        return []


def find_holders(path: str, host: Host = HOST) -> list[Holder]:
    """The other processes that have the node open, as far as this user may see them.

    Raises:
        OSError: This process has reached its limit of open files.
    """
    real = str(Path(path).resolve())
    found = []
    with os.scandir(host.proc) as processes:
        for process in processes:
            if not process.name.isdecimal() or int(process.name) == os.getpid():
                continue
            if _has_open(process.path, real, host):
                name = _read(Path(process.path) / "comm") or "a program"
                found.append(Holder(int(process.name), name))
    return sorted(found, key=lambda holder: holder.pid)


def _has_open(process: str, real: str, host: Host) -> bool:
    """Whether a process has a file open; plain strings, as there may be ten thousand to read."""
    try:
        with os.scandir(f"{process}/fd") as links:
            return any(_target(link.path, host) == real for link in links)
    except OSError as error:  # another user's process, or one that has just ended
        if are_used_up(error):
            raise
        return False


def _target(link: str, host: Host) -> str:
    try:
        return host.readlink(link)
    except OSError:  # closed meanwhile
        return ""


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
