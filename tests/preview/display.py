"""A display of one's own, its keys and what is on it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.service.waiting import wait_for
from vcam.images.types import Image
from vcam.preview.window import TITLE

needs_display = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb or xdotool is missing"
)

WIDTH, HEIGHT = 1400, 800


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent, as long as an XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 16),
    )


class Display:
    """An X server without a screen.

    Attributes:
        name: For DISPLAY.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._content = folder / "Xvfb_screen0"

    def picture(self) -> Image:
        """All that is on it, uint8 (HEIGHT, WIDTH, 3), BGR."""
        raw = np.frombuffer(self._content.read_bytes(), np.uint8)
        header = raw[:100].view(">u4")  # XWDFileHeader
        start = int(header[0]) + 12 * int(header[19])
        stride = int(header[12])
        rows = raw[start : start + HEIGHT * stride].reshape(HEIGHT, stride)
        return np.ascontiguousarray(rows[:, : 4 * WIDTH].reshape(HEIGHT, WIDTH, 4)[..., :3])

    def window(self) -> str:
        """The preview's window, once it is there."""
        return wait_for(self._found, "the window", 40)

    def inside(self) -> Image:
        """What the window shows."""
        said = self._xdotool("getwindowgeometry", "--shell", self.window())
        at = {key: int(value) for key, value in (line.split("=") for line in said.split())}
        rows = slice(max(at["Y"], 0), at["Y"] + at["HEIGHT"])
        return self.picture()[rows, max(at["X"], 0) : at["X"] + at["WIDTH"]]

    def press(self, *keys: str) -> None:
        """Press keys in the window."""
        self._xdotool("key", "--window", self.window(), *keys)

    def close(self) -> None:
        """Do as the window's own button does; older versions of xdotool cannot."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        server = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        event = _ClientMessage(type=33, window=int(self.window()), format=32)
        event.message_type = x11.XInternAtom(server, b"WM_PROTOCOLS", 0)
        event.data[0] = x11.XInternAtom(server, b"WM_DELETE_WINDOW", 0)
        x11.XSendEvent(
            server, ctypes.c_ulong(event.window), 0, ctypes.c_long(0), ctypes.byref(event)
        )
        x11.XCloseDisplay(server)

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._xdotool("windowsize", self.window(), str(width), str(height))

    def _found(self) -> str:
        return self._xdotool("search", "--name", TITLE).strip().rpartition("\n")[2]

    def _xdotool(self, *arguments: str) -> str:
        return subprocess.run(
            ["xdotool", *arguments], capture_output=True, text=True, timeout=20, check=False,
            env={**os.environ, "DISPLAY": self.name},
        ).stdout  # fmt: skip


@contextmanager
def new_display(folder: Path) -> Iterator[Display]:
    """One that is gone afterwards; `folder` holds its content."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    server = subprocess.Popen(
        [*command, "-noreset", "-nolisten", "tcp", "-fbdir", str(folder)],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as stream:
            yield Display(":" + stream.readline().strip(), folder)
    finally:
        server.terminate()
        server.wait(10)
