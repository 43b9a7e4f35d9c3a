"""A camera's V4L2 controls: brightness, exposure, focus and whatever its driver offers.

Names are those of v4l2-ctl. Numbers are those of `linux/v4l2-controls.h`.
"""

from __future__ import annotations

import errno
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from vcam.devices.v4l2 import Device

QUERY_EXT_CTRL, QUERYMENU, S_CTRL = 0xC0E85667, 0xC02C5625, 0xC008561C

AUTO_WHITE_BALANCE, AUTOGAIN, HUE_AUTO, AUTOBRIGHTNESS = 0x98090C, 0x980912, 0x980919, 0x980920
BRIGHTNESS, HUE, RED_BALANCE, BLUE_BALANCE = 0x980900, 0x980903, 0x98090E, 0x98090F
GAIN, WHITE_BALANCE_TEMPERATURE = 0x980913, 0x98091A
EXPOSURE_AUTO, EXPOSURE_ABSOLUTE, FOCUS_AUTO = 0x9A0901, 0x9A0902, 0x9A090C
FOCUS_ABSOLUTE, ZOOM_ABSOLUTE = 0x9A090A, 0x9A090D

MANUAL = {
    BRIGHTNESS: (AUTOBRIGHTNESS, 0),
    HUE: (HUE_AUTO, 0),
    RED_BALANCE: (AUTO_WHITE_BALANCE, 0),
    BLUE_BALANCE: (AUTO_WHITE_BALANCE, 0),
    GAIN: (AUTOGAIN, 0),
    WHITE_BALANCE_TEMPERATURE: (AUTO_WHITE_BALANCE, 0),
    EXPOSURE_ABSOLUTE: (EXPOSURE_AUTO, 1),
    FOCUS_ABSOLUTE: (FOCUS_AUTO, 0),
}
"""The switch to set, and its value, before a control that is inactive takes effect."""

_ALIASES = {
    AUTO_WHITE_BALANCE: ("white_balance_automatic", "white_balance_temperature_auto"),
    WHITE_BALANCE_TEMPERATURE: ("white_balance_temperature", "white_balance"),
    AUTOGAIN: ("gain_automatic", "autogain"),
    EXPOSURE_AUTO: ("auto_exposure", "exposure_auto"),
    EXPOSURE_ABSOLUTE: ("exposure_time_absolute", "exposure_absolute", "exposure"),
    FOCUS_AUTO: ("focus_automatic_continuous", "focus_auto"),
    FOCUS_ABSOLUTE: ("focus_absolute", "focus"),
    ZOOM_ABSOLUTE: ("zoom_absolute", "zoom"),
}
"""Names used by kernels before 5.16, and by people."""

_NEXT = 0x80000000
_INTEGER, _BOOLEAN, _MENU, _INTEGER_MENU = 1, 2, 3, 9
_DISABLED, _READ_ONLY, _INACTIVE, _WRITE_ONLY, _HAS_PAYLOAD = 0x1, 0x4, 0x10, 0x40, 0x100
_MOST_CONTROLS, _MOST_ENTRIES = 256, 64


@dataclass(frozen=True)
class Control:
    """One control.

    Attributes:
        number: The kernel's (`V4L2_CID_...`).
        name: As in v4l2-ctl, such as "white_balance_temperature".
        minimum: The least value.
        maximum: The greatest.
        step: From one value to the next.
        default: Its default value.
        value: Its current value; None if the driver does not tell.
        is_switch: Whether it is on (1) or off (0).
        menu: The names of its values, if they have any.
        is_inactive: Whether another control overrides it, such as automatic exposure.
    """

    number: int
    name: str
    minimum: int
    maximum: int
    step: int
    default: int
    value: int | None = None
    is_switch: bool = False
    menu: tuple[tuple[int, str], ...] = ()
    is_inactive: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All names it goes by."""
        return (self.name, *_ALIASES.get(self.number, ()))

    @property
    def offers(self) -> str:
        """Its values in words, such as "0 to 255" or "Disabled, 50 Hz or 60 Hz"."""
        if self.is_switch:
            return "true or false"
        if not self.menu:
            by = f" by {self.step}" if self.step > 1 else ""
            return f"{self.minimum} to {self.maximum}{by}"
        *names, last = (name for _, name in self.menu)
        return " or ".join(filter(None, [", ".join(names), last]))

    def in_words(self, value: int | None) -> str:
        """One of its values as it is written in the YAML."""
        if value is None:
            return "unknown"
        if self.is_switch:
            return "true" if value else "false"
        return dict(self.menu).get(value, str(value))


def plain(name: str) -> str:
    """A control's name as v4l2-ctl writes it: "White Balance, Auto" is white_balance_auto."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def list_controls(device: Device) -> list[Control]:
    """All writable controls of an open camera, in the driver's order."""
    found: list[Control] = []
    number = 0
    for _ in range(_MOST_CONTROLS):
        buffer = bytearray(232)
        struct.pack_into("<I", buffer, 0, number | _NEXT)
        try:
            device.call(QUERY_EXT_CTRL, buffer)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.ENOTTY):
                break
            raise
        number = int(struct.unpack_from("<I", buffer)[0])
        found += _control(device, buffer)
    return found


def set_control(device: Device, control: Control, value: int) -> None:
    """Set a control.

    Raises:
        OSError: The camera does not accept it now.
    """
    device.call(S_CTRL, bytearray(struct.pack("<Ii", control.number, value)))


def _control(device: Device, answer: bytearray) -> Iterator[Control]:
    number, kind, name, low, high, step, default, flags = struct.unpack_from("<II32sqqQqI", answer)
    unusable = flags & (_DISABLED | _READ_ONLY | _HAS_PAYLOAD)
    if unusable or kind not in (_INTEGER, _BOOLEAN, _MENU, _INTEGER_MENU):
        return
    yield Control(
        number,
        plain(name.split(b"\0", 1)[0].decode("utf-8", "replace")),
        low,
        high,
        step,
        default,
        None if flags & _WRITE_ONLY else _value(device, number),
        kind == _BOOLEAN,
        tuple(_menu(device, number, kind, low, high)) if kind in (_MENU, _INTEGER_MENU) else (),
        bool(flags & _INACTIVE),
    )


def _value(device: Device, number: int) -> int | None:
    try:
        return device.control(number)
    except OSError:
        return None


def _menu(device: Device, number: int, kind: int, low: int, high: int) -> Iterator[tuple[int, str]]:
    for index in range(max(0, low), min(high, low + _MOST_ENTRIES) + 1):
        buffer = bytearray(44)
        struct.pack_into("<II", buffer, 0, number, index)
        try:
            device.call(QUERYMENU, buffer)
        except OSError:  # a gap in the menu
            continue
        text, integer = (
            struct.unpack_from("<32s", buffer, 8)[0],
            struct.unpack_from("<q", buffer, 8),
        )
        name = text.split(b"\0", 1)[0].decode("utf-8", "replace")
        yield index, name if kind == _MENU else str(integer[0])
