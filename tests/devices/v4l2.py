"""As little of Video4Linux as the device tests need, straight from the kernel's ABI."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from pathlib import Path

from vcam.devices.streaming import Stream

__all__ = [
    "CAPTURE",
    "OUTPUT",
    "Stream",
    "capabilities",
    "formats",
    "mend",
    "nodes",
    "pixel_format",
]

CAPTURE, OUTPUT = 1, 2
"""Buffer types, and bits of a node's capabilities."""

_QUERYCAP = 0x80685600
_ENUM_FMT = 0xC0405602
_G_FMT = 0xC0D05604
_STREAMON = 0x40045612

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")


def nodes() -> dict[str, str]:
    """The video nodes of this machine: card label to path, such as "/dev/video10"."""
    found: dict[str, str] = {}
    for entry in sorted(Path("/sys/class/video4linux").glob("video*")):
        found.setdefault((entry / "name").read_text().strip(), f"/dev/{entry.name}")
    return found


def capabilities(device: str) -> int:
    """What the node can do at present: `CAPTURE`, `OUTPUT`, both or neither (0)."""
    fd = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    try:
        answer = bytearray(104)
        fcntl.ioctl(fd, _QUERYCAP, answer)
    finally:
        os.close(fd)
    return int(struct.unpack_from("<I", answer, 88)[0]) & (CAPTURE | OUTPUT)


def formats(device: str) -> list[str]:
    """The pixel formats a camera offers, as FOURCC codes."""
    codes: list[str] = []
    fd = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    try:
        while True:
            answer = bytearray(struct.pack("<II", len(codes), CAPTURE) + bytes(56))
            try:
                fcntl.ioctl(fd, _ENUM_FMT, answer)
            except OSError:
                return codes
            codes.append(answer[44:48].decode("latin-1"))
    finally:
        os.close(fd)


def pixel_format(device: str) -> str:
    """The format a camera is set to at present, as a FOURCC code."""
    fd = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    try:
        return _capture_format(fd)[2]
    finally:
        os.close(fd)


def _capture_format(fd: int) -> tuple[int, int, str]:
    answer = bytearray(struct.pack("<I", CAPTURE) + bytes(204))
    fcntl.ioctl(fd, _G_FMT, answer)
    width, height = struct.unpack_from("<II", answer, 8)
    return width, height, answer[16:20].decode("latin-1")


def mend(device: str) -> int:
    """Give a loopback node its output capability back, and return its capabilities.

    v4l2loopback before 0.13 with exclusive_caps=1 loses it when a program that used write()
    closes. STREAMON marks its opener as a writer, though the call itself fails; closing that
    opener restores the capability. Asking for the capabilities then makes the kernel know
    them: it refuses output calls (ffmpeg asks for nothing first) until somebody has.
    """
    if not capabilities(device):
        fd = os.open(device, os.O_RDWR)
        try:
            fcntl.ioctl(fd, _STREAMON, struct.pack("<i", OUTPUT))
        except OSError:
            pass
        finally:
            os.close(fd)
    return capabilities(device)
