"""A camera as one value."""

from __future__ import annotations

from dataclasses import dataclass

from vcam.devices import pixel_formats
from vcam.devices.capture_mode import CaptureMode


@dataclass(frozen=True)
class Camera:
    """Something pictures can be captured from.

    Attributes:
        name: For people, such as "Integrated Camera".
        path: The node, such as /dev/video0; elsewhere than on Linux what the system calls it.
        index: The number OpenCV opens it by.
        driver: The driver's name; empty where it could not be asked.
        is_loopback: Whether it is a virtual camera that some program feeds.
        links: Paths that stay the same when numbers change (/dev/v4l/by-id/...).
        modes: What it offers, in the driver's order; empty where it could not be asked.
        card: Its name as other programs show it, such as "Integrated Camera: Integrated C";
            empty where it could not be asked.
        bus: Where it is plugged in, such as "usb-0000:00:14.0-1"; nodes of one device share it.
            Empty where it could not be asked.
    """

    name: str
    path: str
    index: int
    driver: str = ""
    is_loopback: bool = False
    links: tuple[str, ...] = ()
    modes: tuple[CaptureMode, ...] = ()
    card: str = ""
    bus: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.path})"

    @property
    def has_colour(self) -> bool:
        """False for infrared and depth cameras."""
        return not self.modes or pixel_formats.is_coloured(mode.fourcc for mode in self.modes)

    @property
    def is_readable(self) -> bool:
        """False where none of the formats it offers can be decoded."""
        return not self.modes or pixel_formats.is_readable(mode.fourcc for mode in self.modes)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, int]:
        """Its place among all cameras; the least is the one to take.

        What cannot be decoded comes last, and before that virtual cameras, unless it is a relay
        of a sensor's raw data; among the others those in colour come first, and of those the ones
        that this user may open.
        """
        return (
            not self.is_readable,
            self.is_loopback,
            not self.has_colour,
            not self.driver if not self.is_loopback else not is_relay(self.name),
            self.index,
        )


def is_relay(label: str) -> bool:
    """Whether a virtual camera is called as the relays of laptops with raw sensors are."""
    return any(word in label.lower() for word in ("mipi", "ipu", "relay", "libcamera"))


def tidy(name: str) -> str:
    """Without the second half of names such as "Integrated Camera: Integrated C"."""
    first, colon, rest = name.partition(": ")
    return first if colon and first.startswith(rest) else name
