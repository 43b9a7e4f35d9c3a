"""Video nodes as drivers keep them: what they answer to each call, and what they refuse."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, field

from vcam.devices import controls, v4l2

CAPTURE_CAP, OUTPUT_CAP, METADATA_CAP, DEVICE_CAPS = 0x1, 0x2, 0x00800000, 0x80000000
M2M_CAP, TOUCH_CAP, IO_MC_CAP = 0x8000, 0x10000000, 0x20000000


def code(fourcc: str) -> int:
    return int.from_bytes(fourcc.encode(), "little")


def refuse(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@dataclass
class FakeControl:
    """One of a camera's controls; `manual_by` is the number of the one that decides unless 0.

    `kind` is the kernel's: 1 a number, 2 a switch, 3 a menu, 4 a button, 9 a menu of numbers.
    """

    number: int
    name: str
    value: int = 0
    span: tuple[int, int, int] = (0, 255, 1)
    kind: int = 1
    menu: dict[int, str] = field(default_factory=dict)
    flags: int = 0
    manual_by: tuple[int, int] | None = None


@dataclass
class FakeNode:
    """A video node: what it answers, and what it refuses (request or "open" to errno).

    `sizes` has discrete (w, h) or a range (w, W, step, h, H, step) for each pixel format;
    `rates` are whole frames per second.
    """

    name: str = "Webcam"
    driver: str = "uvcvideo"
    flags: int = CAPTURE_CAP
    sizes: dict[str, Sequence[tuple[int, ...]]] = field(default_factory=dict)
    rates: Sequence[int] = (30,)
    refusals: dict[int | str, int] = field(default_factory=dict)
    part: int = 0
    card: str = ""
    bus: str = "usb-1"
    controls: Sequence[FakeControl] = ()
    opened: int = 0
    calls: list[int] = field(default_factory=list)

    def attributes(self) -> dict[str, str]:
        return {"name": self.name, "index": str(self.part)}

    def open(self, descriptor: int) -> None:
        if "open" in self.refusals:
            raise refuse(self.refusals["open"])
        self.opened += 1

    def close(self, descriptor: int) -> None:
        self.opened -= 1

    def write(self, descriptor: int, data: memoryview) -> int:
        raise refuse(errno.EINVAL)

    def ioctl(self, descriptor: int, request: int, buffer: bytearray) -> None:
        self.calls.append(request)
        if request in self.refusals:
            raise refuse(self.refusals[request])
        answers: dict[int, Callable[[bytearray], None]] = {
            v4l2.QUERYCAP: self._capabilities,
            v4l2.ENUM_FMT: self._format,
            v4l2.ENUM_FRAMESIZES: self._size,
            v4l2.ENUM_FRAMEINTERVALS: self._interval,
            v4l2.REQBUFS: lambda buffer: None,
        }
        if self.controls:
            answers |= {
                controls.QUERY_EXT_CTRL: self._query_control,
                controls.QUERYMENU: self._query_menu,
                controls.S_CTRL: self._set_control,
                v4l2.G_CTRL: lambda buffer: struct.pack_into(
                    "<i", buffer, 4, self._control(buffer).value
                ),
            }
        if request not in answers:
            raise refuse(errno.ENOTTY)
        answers[request](buffer)

    def _capabilities(self, buffer: bytearray) -> None:
        card = self.card or self.name
        texts = self.driver.encode(), card.encode(), self.bus.encode()
        every = self.flags | METADATA_CAP | CAPTURE_CAP | DEVICE_CAPS
        struct.pack_into("<16s32s32sIII", buffer, 0, *texts, 0, every, self.flags)

    def _format(self, buffer: bytearray) -> None:
        struct.pack_into("<I", buffer, 44, code(list(self.sizes)[self._index(buffer, self.sizes)]))

    def _size(self, buffer: bytearray) -> None:
        fourcc = buffer[4:8].decode()
        size = self.sizes[fourcc][self._index(buffer, self.sizes[fourcc])]
        struct.pack_into(f"<{len(size) + 1}I", buffer, 8, 1 if len(size) == 2 else 3, *size)

    def _interval(self, buffer: bytearray) -> None:
        rate = self.rates[self._index(buffer, self.rates)]
        struct.pack_into("<3I", buffer, 16, 1, 1, rate)

    def _control(self, buffer: bytearray) -> FakeControl:
        number = int.from_bytes(buffer[:4], "little")
        for control in self.controls:
            if control.number == number:
                return control
        raise refuse(errno.EINVAL)

    def _query_control(self, buffer: bytearray) -> None:
        after = int.from_bytes(buffer[:4], "little") & 0x7FFFFFFF
        later = sorted((c for c in self.controls if c.number > after), key=lambda c: c.number)
        if not later:
            raise refuse(errno.EINVAL)
        it = later[0]
        flags = it.flags | 0x10 * self._is_decided(it)
        struct.pack_into(
            "<II32sqqQqI", buffer, 0, it.number, it.kind, it.name.encode(), *it.span, 0, flags
        )

    def _is_decided(self, control: FakeControl) -> bool:
        if control.manual_by is None:
            return False
        number, manual = control.manual_by
        return next(c.value for c in self.controls if c.number == number) != manual

    def _query_menu(self, buffer: bytearray) -> None:
        control, index = self._control(buffer), int.from_bytes(buffer[4:8], "little")
        if index not in control.menu:
            raise refuse(errno.EINVAL)
        if control.kind == 9:
            struct.pack_into("<q", buffer, 8, int(control.menu[index]))
        else:
            struct.pack_into("<32s", buffer, 8, control.menu[index].encode())

    def _set_control(self, buffer: bytearray) -> None:
        control = self._control(buffer)
        if self._is_decided(control):
            raise refuse(errno.EACCES)
        control.value = int(struct.unpack_from("<i", buffer, 4)[0])

    def _index(self, buffer: bytearray, entries: Sized) -> int:
        index = int.from_bytes(buffer[:4], "little")
        if index >= len(entries):
            raise refuse(errno.EINVAL)
        return index


@dataclass
class FakeLoopback(FakeNode):
    """A v4l2loopback node with exclusive_caps as drivers 0.12.7 and (`new`) 0.15 keep it."""

    name: str = "Virtual Camera"
    driver: str = "v4l2 loopback"
    new: bool = True
    exclusive: bool = True
    format: tuple[str, int, int] | None = None
    free: bool = True
    active: bool = False
    writer: int | None = None
    marked: set[int] = field(default_factory=set)
    readers: int = 0
    frames: list[bytes] = field(default_factory=list)
    short: int = 0
    kept: bool = False
    streaming: bool = False
    told: dict[int, list[bool]] = field(default_factory=dict)

    def stream(self, on: bool, *, is_told: bool = True) -> None:
        """Let a reader start or stop streaming; subscribers hear of it unless it gets lost."""
        self.streaming = on
        for events in self.told.values() if is_told else ():
            events[:] = [on]

    def attributes(self) -> dict[str, str]:
        held = f"{self.format[0]}:{self.format[1]}x{self.format[2]}@30" if self.format else ""
        shown = {**super().attributes(), "max_openers": "10", "format": held}
        if self.new:
            shown["state"] = "capture" if self.writer or self.kept else "output"
        elif not self.active:
            shown["format"] = ""
        return shown

    def close(self, descriptor: int) -> None:
        super().close(descriptor)
        self.told.pop(descriptor, None)
        if self.writer == descriptor:
            self.writer, self.free = None, self.new
        if descriptor in self.marked:
            self.free = True
            self.marked.remove(descriptor)
        if not self.opened and not self.readers:
            self.active, self.format = False, None

    def write(self, descriptor: int, data: memoryview) -> int:
        if self.new and self.writer not in (None, descriptor):
            raise refuse(errno.EBUSY)
        if "write" in self.refusals:
            raise refuse(self.refusals["write"])
        self.writer, self.free, self.active = descriptor, False, True
        self.frames.append(bytes(data))
        return len(data) - self.short

    def ioctl(self, descriptor: int, request: int, buffer: bytearray) -> None:
        if request == v4l2.S_FMT:
            self._set_format(descriptor, buffer)
        elif request == v4l2.STREAMON:
            self.marked.add(descriptor)
            self.free = False
            if not self.format:
                raise refuse(errno.EINVAL)
            self.active = True
        elif request == v4l2.G_FMT and self._is_others(descriptor):
            raise refuse(errno.EINVAL)
        elif request == v4l2.G_FMT:
            fourcc, width, height = self.format or ("BGR4", 0, 0)
            struct.pack_into("<3I", buffer, 8, width, height, code(fourcc))
        elif request == v4l2.G_CTRL:
            struct.pack_into("<i", buffer, 4, self.kept)
        elif request == v4l2.S_PARM:
            self.calls.append(request)
        elif request in (v4l2.SUBSCRIBE_EVENT, v4l2.UNSUBSCRIBE_EVENT, v4l2.DQEVENT):
            self._event(descriptor, request, buffer)
        else:
            self.flags = self._flags()
            super().ioctl(descriptor, request, buffer)

    def _event(self, descriptor: int, request: int, buffer: bytearray) -> None:
        if request in self.refusals:
            raise refuse(self.refusals[request])
        if request == v4l2.UNSUBSCRIBE_EVENT:
            self.told.pop(descriptor, None)
        elif request == v4l2.SUBSCRIBE_EVENT:
            kind, _, wants_first = struct.unpack_from("<3I", buffer)
            if not self.new or kind != v4l2.CLIENT_USAGE:
                raise refuse(errno.EINVAL)
            if descriptor not in self.told:
                self.told[descriptor] = [self.streaming] * wants_first
        elif not self.told.get(descriptor):
            raise refuse(errno.ENOENT)
        else:
            struct.pack_into("<I4xI", buffer, 0, v4l2.CLIENT_USAGE, self.told[descriptor].pop(0))

    def _flags(self) -> int:
        if not self.exclusive:
            return CAPTURE_CAP | OUTPUT_CAP
        if self.new:
            return CAPTURE_CAP if self.writer or self.kept else OUTPUT_CAP
        return CAPTURE_CAP * self.active | OUTPUT_CAP * self.free

    def _is_others(self, descriptor: int) -> bool:
        """Whether another program writes to a driver that has room for one writer."""
        return self.new and self.writer not in (None, descriptor)

    def _set_format(self, descriptor: int, buffer: bytearray) -> None:
        if self._is_others(descriptor):
            raise refuse(errno.EINVAL)
        width, height = struct.unpack_from("<2I", buffer, 8)
        if not (self.format and (self.kept or (self.active and not self.new))):
            self.format = (buffer[16:20].decode(), width, height)
        fourcc, width, height = self.format or ("", 0, 0)
        struct.pack_into("<3I", buffer, 8, width, height, code(fourcc))
