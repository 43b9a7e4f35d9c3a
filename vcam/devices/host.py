"""The machine vcam runs on, as one value, so that tests can bring their own."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def _ioctl(descriptor: int, request: int, argument: bytearray) -> None:
    fcntl.ioctl(descriptor, request, argument)


@dataclass(frozen=True)
class Host:
    """The machine's folders and calls; tests put others in their place.

    Attributes:
        dev: Where device nodes are.
        sysfs: Where the kernel describes its video nodes.
        modules: Where the kernel describes the modules that are loaded.
        library: Where the modules of the running kernel are kept.
        proc: Where the kernel describes its processes.
        open: As `os.open`, with a path and flags.
        close: As `os.close`.
        write: As `os.write`.
        ioctl: As `fcntl.ioctl`, with a buffer that is changed in place.
        sleep: As `time.sleep`.
    """

    dev: Path = Path("/dev")
    sysfs: Path = Path("/sys/class/video4linux")
    modules: Path = Path("/sys/module")
    library: Path = Path("/lib/modules") / platform.release()
    proc: Path = Path("/proc")
    open: Callable[[str, int], int] = os.open
    close: Callable[[int], None] = os.close
    write: Callable[[int, memoryview], int] = os.write
    ioctl: Callable[[int, int, bytearray], None] = _ioctl
    sleep: Callable[[float], None] = time.sleep


HOST = Host()
"""This machine."""
