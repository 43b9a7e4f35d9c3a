"""The part of the Video4Linux 2 API that vcam needs.

Layouts and numbers are those of `linux/videodev2.h` on 64-bit machines (x86_64 and aarch64
share them). The module can be imported anywhere; its calls work on Linux only.
"""

from __future__ import annotations

import errno
import logging
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from types import TracebackType

from vcam.devices.capabilities import DEVICE_CAPS, Capabilities
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.host import HOST, Host
from vcam.system.polling import POLLPRI
from vcam.system.waker import Waker

logger = logging.getLogger(__name__)

CAPTURE = 1
"""`V4L2_BUF_TYPE_VIDEO_CAPTURE`."""
OUTPUT = 2
"""`V4L2_BUF_TYPE_VIDEO_OUTPUT`."""

QUERYCAP = 0x80685600
ENUM_FMT = 0xC0405602
G_FMT = 0xC0D05604
S_FMT = 0xC0D05605
REQBUFS = 0xC0145608
STREAMON = 0x40045612
S_PARM = 0xC0CC5616
G_CTRL = 0xC008561B
ENUM_FRAMESIZES = 0xC02C564A
ENUM_FRAMEINTERVALS = 0xC034564B
DQEVENT = 0x80885659
SUBSCRIBE_EVENT = 0x4020565A
UNSUBSCRIBE_EVENT = 0x4020565B

CLIENT_USAGE = 0x10E00001
"""v4l2loopback's own event, from 0.13 on: whether a program streams from the node."""

_FIELD_NONE, _MEMORY_MMAP, _DISCRETE = 1, 1, 1
_MOST_ENTRIES = 256
_SEND_INITIAL = 1


@dataclass(frozen=True)
class Format:
    """A pixel format and a size.

    Attributes:
        fourcc: Four characters, such as "YUYV"; planar 4:2:0 is "YU12" here.
        width: Pixels.
        height: Pixels.
        image_size: Bytes a frame; the driver may ask for more than the pixels need.
    """

    fourcc: str
    width: int
    height: int
    image_size: int = 0


class Device:
    """An open video node; use it in a `with` statement.

    Args:
        path: The node, such as /dev/video0.
        host: The machine.

    Raises:
        OSError: It cannot be opened.
    """

    def __init__(self, path: str, host: Host = HOST) -> None:
        self.path = path
        self._host = host
        self._descriptor = host.open(path, os.O_RDWR | _flag("O_NONBLOCK") | _flag("O_CLOEXEC"))

    def __enter__(self) -> Device:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the node; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            self._host.close(descriptor)

    def capabilities(self) -> Capabilities:
        """Query the node's capabilities."""
        answer = self.call(QUERYCAP, bytearray(104))
        driver, card, bus, _, flags, own = struct.unpack_from("<16s32s32sIII", answer)
        return Capabilities(
            _text(driver), _text(card), _text(bus), own if flags & DEVICE_CAPS else flags
        )

    def format(self, direction: int) -> Format:
        """The format set for `direction` (CAPTURE or OUTPUT)."""
        buffer = bytearray(208)
        struct.pack_into("<I", buffer, 0, direction)
        return _format(self.call(G_FMT, buffer))

    def set_output_format(self, fourcc: str, width: int, height: int) -> Format:
        """Set the format of the frames that will be written; returns what was granted.

        Raises:
            OSError: EBUSY or EINVAL where another program holds the node.
        """
        size = width * height * 3 // 2 if fourcc == "YU12" else 0
        colours = (8, 0, 0, 0)  # sRGB primaries; the rest as that implies
        pixels = (width, height, _code(fourcc), _FIELD_NONE, width, size)
        buffer = bytearray(208)
        struct.pack_into("<II10I", buffer, 0, OUTPUT, 0, *pixels, *colours)
        return _format(self.call(S_FMT, buffer))

    def set_output_rate(self, fps: float) -> None:
        """Tell readers how many frames per second will be written."""
        rate = Fraction(fps).limit_denominator(1001)
        buffer = bytearray(204)
        struct.pack_into("<5I", buffer, 0, OUTPUT, 0, 0, rate.denominator, rate.numerator)
        self.call(S_PARM, buffer)

    def control(self, number: int) -> int:
        """The value of one of the driver's controls (`V4L2_CID_...`).

        Raises:
            OSError: EINVAL where it has none of that number.
        """
        buffer = bytearray(struct.pack("<Ii", number, 0))
        return int(struct.unpack_from("<i", self.call(G_CTRL, buffer), 4)[0])

    def modes(self) -> tuple[CaptureMode, ...]:
        """All pixel formats, sizes and rates that can be captured, in the driver's order."""
        found: list[CaptureMode] = []
        for fourcc in self._formats():
            try:
                found += [self._with_rates(mode) for mode in self._sizes(fourcc)]
            except OSError as error:
                logger.debug("%s: sizes of %s are not told: %s", self.path, fourcc, error)
        return tuple(found)

    def stream_on(self, direction: int) -> None:
        """Start the stream of `direction` (CAPTURE or OUTPUT)."""
        self.call(STREAMON, bytearray(struct.pack("<i", direction)))

    def release_buffers(self) -> None:
        """Request zero capture buffers: fails with EBUSY if another program has some."""
        self.call(REQBUFS, bytearray(struct.pack("<5I", 0, CAPTURE, _MEMORY_MMAP, 0, 0)))

    def write(self, data: memoryview) -> int:
        """Write one frame; returns the number of bytes the driver took."""
        return self._host.write(self._descriptor, data)

    def subscribe_usage(self) -> None:
        """Subscribe to the event whether a program streams; the first one is sent at once.

        Calling it again requests a fresh event.

        Raises:
            OSError: EINVAL where the driver does not have that event.
        """
        for request in (UNSUBSCRIBE_EVENT, SUBSCRIBE_EVENT):
            self.call(request, bytearray(struct.pack("<3I20x", CLIENT_USAGE, 0, _SEND_INITIAL)))

    def usage(self) -> bool | None:
        """Whether a program streams, by the driver's last event; None if there is no new one.

        Raises:
            OSError: ENODEV where the node has gone.
        """
        told: bool | None = None
        while True:
            try:
                event = self.call(DQEVENT, bytearray(136))
            except OSError as error:
                if error.errno == errno.ENOENT:  # no event is left
                    return told
                raise
            told = struct.unpack_from("<I", event, 8)[0] > 0

    def wait_event(self, seconds: float, waker: Waker) -> None:
        """Wait up to that long for an event, or until `waker` is woken."""
        self._host.wait({self._descriptor: POLLPRI, **waker.events}, seconds)

    def call(self, request: int, buffer: bytearray) -> bytearray:
        """Make an ioctl call; `buffer` is changed in place and returned."""
        while True:
            try:
                self._host.ioctl(self._descriptor, request, buffer)
                return buffer
            except InterruptedError:
                continue

    def _enumerate(self, request: int, size: int, at: int, *fixed: int) -> Iterator[bytearray]:
        """Answers for index 0, 1, 2, ... (kept `at` a byte offset) until the driver has no more."""
        for index in range(_MOST_ENTRIES):
            buffer = bytearray(size)
            struct.pack_into(f"<{len(fixed) + 1}I", buffer, 0, index, *fixed)
            try:
                yield self.call(request, buffer)
            except OSError as error:
                if error.errno in (errno.EINVAL, errno.ENOTTY):
                    return
                raise
            if at and struct.unpack_from("<I", buffer, at)[0] != _DISCRETE:
                return  # one range stands for all

    def _formats(self) -> Iterator[str]:
        for answer in self._enumerate(ENUM_FMT, 64, 0, CAPTURE):
            yield _fourcc(struct.unpack_from("<I", answer, 44)[0])

    def _sizes(self, fourcc: str) -> Iterator[CaptureMode]:
        for answer in self._enumerate(ENUM_FRAMESIZES, 44, 8, _code(fourcc)):
            kind, a, b, c, d, e, f = struct.unpack_from("<7I", answer, 8)
            if kind == _DISCRETE:
                yield CaptureMode(fourcc, a, b)
            else:
                yield CaptureMode(fourcc, b, e, (), (a, d), (c, f))

    def _with_rates(self, mode: CaptureMode) -> CaptureMode:
        rates: set[float] = set()
        asked = (_code(mode.fourcc), mode.width, mode.height)
        for answer in self._enumerate(ENUM_FRAMEINTERVALS, 52, 16, *asked):
            kind, *intervals = struct.unpack_from("<5I", answer, 16)
            ends = intervals[:2] if kind == _DISCRETE else intervals
            rates |= {round(b / a, 3) for a, b in zip(ends[::2], ends[1::2], strict=True) if a}
        return replace(mode, rates=tuple(sorted(rates, reverse=True)))


def _format(answer: bytearray) -> Format:
    width, height, code, _, _, size = struct.unpack_from("<6I", answer, 8)
    return Format(_fourcc(code), width, height, size)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _code(fourcc: str) -> int:
    return int.from_bytes(fourcc.encode("latin-1").ljust(4)[:4], "little")


def _fourcc(code: int) -> str:
    return code.to_bytes(4, "little").decode("latin-1")


def _flag(name: str) -> int:
    """A flag of `os.open`; 0 if the system lacks it."""
    return int(getattr(os, name, 0))
