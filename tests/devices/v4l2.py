"""As little of Video4Linux as the device tests need, straight from the kernel's ABI."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import select
import struct
from pathlib import Path
from types import TracebackType

import numpy as np

from vcam.frames import Plane

CAPTURE, OUTPUT = 1, 2
"""Buffer types, and bits of a node's capabilities."""

_QUERYCAP = 0x80685600
_ENUM_FMT = 0xC0405602
_G_FMT = 0xC0D05604
_REQBUFS = 0xC0145608
_QUERYBUF = 0xC0585609
_QBUF = 0xC058560F
_DQBUF = 0xC0585611
_STREAMON = 0x40045612
_MMAP = 1


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


class Capture:
    """A node streaming to us through mapped buffers, as apps do it. I420 only.

    Raises:
        OSError: The node cannot stream now (EIO: nobody writes, EBUSY: another reader).
    """

    def __init__(self, device: str, buffers: int = 2) -> None:
        self._maps: list[mmap.mmap] = []
        self._fd = os.open(device, os.O_RDWR | os.O_NONBLOCK)
        try:
            self._start(buffers)
        except OSError:
            self.close()
            raise

    def _start(self, buffers: int) -> None:
        self.width, self.height, _ = _capture_format(self._fd)
        request = bytearray(struct.pack("<IIIII", buffers, CAPTURE, _MMAP, 0, 0))
        fcntl.ioctl(self._fd, _REQBUFS, request)
        for index in range(struct.unpack_from("<I", request)[0]):
            buffer = self._buffer(_QUERYBUF, index)
            offset, length = struct.unpack_from("<I4xI", buffer, 64)
            self._maps.append(mmap.mmap(self._fd, length, offset=offset))
            self._buffer(_QBUF, index)
        fcntl.ioctl(self._fd, _STREAMON, struct.pack("<i", CAPTURE))

    def _buffer(self, request: int, index: int = 0) -> bytearray:
        buffer = bytearray(88)
        struct.pack_into("<II", buffer, 0, index, CAPTURE)
        struct.pack_into("<I", buffer, 60, _MMAP)
        fcntl.ioctl(self._fd, request, buffer)
        return buffer

    def read(self, seconds: float) -> Plane | None:
        """The next frame's bytes, uint8 (width * height * 3 / 2,), or None if none came."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return None
        try:
            buffer = self._buffer(_DQBUF)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return None
            raise
        index: int = struct.unpack_from("<I", buffer)[0]
        size = self.width * self.height * 3 // 2
        frame = np.frombuffer(self._maps[index], np.uint8, size).copy()
        self._buffer(_QBUF, index)
        return frame

    def close(self) -> None:
        """Free the node."""
        for mapped in self._maps:
            mapped.close()
        os.close(self._fd)

    def __enter__(self) -> Capture:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
