"""Streaming pictures from a video node through mapped buffers, as apps do it (Linux)."""

from __future__ import annotations

import errno
import mmap
import os
import struct

import numpy as np

from vcam.devices.host import HOST, NONBLOCKING, Host
from vcam.devices.pixel_formats import DECODERS
from vcam.devices.v4l2 import CAPTURE, G_FMT, REQBUFS, S_FMT, STREAMON
from vcam.images.types import Plane
from vcam.system.polling import POLLIN

_QUERYBUF, _QBUF, _DQBUF = 0xC0585609, 0xC058560F, 0xC0585611
_MMAP, _FIELD_NONE, _ERROR = 1, 1, 0x40

_BYTES_A_PIXEL = {"YU12": 1.5, "YUYV": 2.0}

_COLOURS = {1: "SMPTE 170M", 3: "BT.709", 5: "BT.601 (525)", 6: "BT.601 (625)", 8: "sRGB"}
_IMPLIED = {3: "BT.709"}
_MATRICES = {1: "BT.601", 2: "BT.709", 3: "xvYCC 601", 4: "xvYCC 709"}
_FULL_RANGE = 1


class Stream:
    """A node streaming to us.

    Args:
        device: The node, such as /dev/video10.
        buffers: How many frames may be under way.
        fourcc: The pixel format to ask for; the node may give another. Empty takes what it has.
        host: The machine.
        size: Width and height to ask for with `fourcc`; by default those that it has.

    Attributes:
        width: Pixels, as the node gives them.
        height: Pixels.
        fourcc: The pixel format that the node gives.
        colours: What the node says of its colours, for people.
        has_gap: Whether something was lost before the frame that was read last, or of it.

    Raises:
        OSError: The node cannot stream now (EIO: nobody writes, EBUSY: another reader).
    """

    def __init__(
        self,
        device: str,
        buffers: int = 2,
        fourcc: str = "",
        host: Host = HOST,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._maps: list[mmap.mmap] = []
        self._sequence, self.has_gap = -1, False
        self._host = host
        self._fd = host.open(device, os.O_RDWR | NONBLOCKING)
        try:
            self._negotiate(fourcc, size)
            self._start(buffers)
        except OSError:
            self.close()
            raise

    def read(self, seconds: float) -> Plane | None:
        """The next frame's bytes, uint8 (n,), or None if none came in that time."""
        self._host.wait({self._fd: POLLIN}, seconds)
        try:
            buffer = self._buffer(_DQBUF)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return None
            raise
        index = int(struct.unpack_from("<I", buffer)[0])
        size = int(self.width * self.height * _BYTES_A_PIXEL.get(self.fourcc, 1.5))
        flags, sequence = (int(struct.unpack_from("<I", buffer, at)[0]) for at in (12, 56))
        is_next = self._sequence in (-1, sequence - 1)
        self._sequence, self.has_gap = sequence, bool(flags & _ERROR) or not is_next
        if self.fourcc in DECODERS:
            size = min(int(struct.unpack_from("<I", buffer, 8)[0]), len(self._maps[index]))
        frame = np.frombuffer(self._maps[index], np.uint8, size).copy()
        self._buffer(_QBUF, index)
        return frame

    def close(self) -> None:
        """Free the node."""
        for mapped in self._maps:
            mapped.close()
        self._host.close(self._fd)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _negotiate(self, wanted: str, size: tuple[int, int] | None) -> None:
        answer = bytearray(struct.pack("<I", CAPTURE) + bytes(204))
        self._host.ioctl(self._fd, G_FMT, answer)
        if wanted and size:
            struct.pack_into("<II", answer, 8, *size)
        if wanted:
            struct.pack_into("<4sI", answer, 16, wanted.encode("latin-1"), _FIELD_NONE)
            self._host.ioctl(self._fd, S_FMT, answer)
        self.width, self.height = struct.unpack_from("<II", answer, 8)
        self.fourcc = answer[16:20].decode("latin-1")
        space, _, _, matrix, quantization = struct.unpack_from("<5I", answer, 32)
        implied = _MATRICES.get(matrix, _IMPLIED.get(space, "BT.601"))
        area = "full" if quantization == _FULL_RANGE else "limited"
        self.colours = f"{_COLOURS.get(space, 'nothing')}, that is {implied} in {area} range"

    def _start(self, buffers: int) -> None:
        request = bytearray(struct.pack("<IIIII", buffers, CAPTURE, _MMAP, 0, 0))
        self._host.ioctl(self._fd, REQBUFS, request)
        for index in range(struct.unpack_from("<I", request)[0]):
            buffer = self._buffer(_QUERYBUF, index)
            offset, length = struct.unpack_from("<I4xI", buffer, 64)
            self._maps.append(mmap.mmap(self._fd, length, offset=offset))
            self._buffer(_QBUF, index)
        self._host.ioctl(self._fd, STREAMON, bytearray(struct.pack("<i", CAPTURE)))

    def _buffer(self, request: int, index: int = 0) -> bytearray:
        buffer = bytearray(88)
        struct.pack_into("<II", buffer, 0, index, CAPTURE)
        struct.pack_into("<I", buffer, 60, _MMAP)
        self._host.ioctl(self._fd, request, buffer)
        return buffer
