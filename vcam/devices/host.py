"""The machine vcam runs on, as one object that tests can replace."""

from __future__ import annotations

import errno
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vcam.system.polling import wait_for_any

NONBLOCKING = getattr(os, "O_NONBLOCK", 0)
"""As `os.O_NONBLOCK`, which Windows lacks."""

if sys.platform == "win32":

    def _ioctl(descriptor: int, request: int, argument: bytearray) -> None:
        raise OSError(errno.ENOTTY, "Windows has no device nodes")

else:
    import fcntl

    def _ioctl(descriptor: int, request: int, argument: bytearray) -> None:
        fcntl.ioctl(descriptor, request, argument)


@dataclass(frozen=True)
class Host:
    """The machine's folders and system calls.

    Attributes:
        root: The folder that has /etc, /run and the like.
        dev: Where device nodes are.
        sysfs: Where the kernel describes its video nodes.
        modules: Where the kernel describes the modules that are loaded.
        library: Where the modules of the running kernel are kept.
        proc: Where the kernel describes its processes.
        open: As `os.open`, with a path and flags.
        close: As `os.close`.
        write: As `os.write`.
        readlink: As `os.readlink`.
        ioctl: As `fcntl.ioctl`, with a buffer that is changed in place.
        sleep: As `time.sleep`.
        wait: Waits until one of some descriptors has an event of `poll` that is asked for, at most
            so many seconds.
        clock: As `time.monotonic`.
        cpu: As `time.thread_time`.
    """

    root: Path = Path("/")
    dev: Path = Path("/dev")
    sysfs: Path = Path("/sys/class/video4linux")
    modules: Path = Path("/sys/module")
    library: Path = Path("/lib/modules") / platform.release()
    proc: Path = Path("/proc")
    open: Callable[[str, int], int] = os.open
    close: Callable[[int], None] = os.close
    write: Callable[[int, memoryview], int] = os.write
    readlink: Callable[[str], str] = os.readlink
    ioctl: Callable[[int, int, bytearray], None] = _ioctl
    sleep: Callable[[float], None] = time.sleep
    wait: Callable[[Mapping[int, int], float], None] = wait_for_any
    clock: Callable[[], float] = time.monotonic
    cpu: Callable[[], float] = time.thread_time


HOST = Host()
"""This machine."""
