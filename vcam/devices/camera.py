"""The description of a camera."""

from __future__ import annotations

from dataclasses import dataclass

from vcam.devices import pixel_formats
from vcam.devices.capture_mode import CaptureMode


@dataclass(frozen=True)
class Camera:
    """A device that pictures can be captured from.

    Attributes:
        name: For people, such as "Integrated Camera".
        path: The node, such as /dev/video0; on other systems than Linux the system's name.
        index: OpenCV's index.
        driver: The driver's name; empty if it could not be queried.
        is_loopback: Whether it is a virtual camera, fed by a program.
        links: Paths that stay the same when numbers change (/dev/v4l/by-id/...).
        modes: Its modes, in the driver's order; empty if it could not be queried.
        card: Its name as other programs show it, such as "Integrated Camera: Integrated C";
            empty if it could not be queried.
        bus: Where it is plugged in, such as "usb-0000:00:14.0-1"; nodes of one device share it.
            Empty if it could not be queried.
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
        """False if none of its formats can be decoded."""
        return not self.modes or pixel_formats.is_readable(mode.fourcc for mode in self.modes)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, int]:
        """Sort key among all cameras; the lowest is preferred.

        Undecodable cameras come last, and virtual ones before them, except relays of a sensor's raw
        data; among the others colour cameras come first, and of those the ones this user may open.
        """
        return (
            not self.is_readable,
            self.is_loopback,
            not self.has_colour,
            not self.driver if not self.is_loopback else not is_relay(self.name),
            self.index,
        )


def is_relay(label: str) -> bool:
    """Whether a virtual camera has the name of a relay for a laptop's raw sensor."""
    return any(word in label.lower() for word in ("mipi", "ipu", "relay", "libcamera"))


def tidy(name: str) -> str:
    """The name without a repeated second half, as in "Integrated Camera: Integrated C"."""
    first, colon, rest = name.partition(": ")
    return first if colon and first.startswith(rest) else name
