"""The capabilities of a video node."""

from __future__ import annotations

from dataclasses import dataclass

DEVICE_CAPS = 0x80000000
"""`V4L2_CAP_DEVICE_CAPS`: the node's own capabilities are given beside the device's."""

_CAP_CAPTURE, _CAP_OUTPUT = 0x1, 0x2


_CAP_M2M, _CAP_M2M_PLANES, _CAP_TOUCH, _CAP_IO_MC = 0x8000, 0x4000, 0x10000000, 0x20000000


@dataclass(frozen=True)
class Capabilities:
    """What `VIDIOC_QUERYCAP` reports.

    Attributes:
        driver: The driver's name, such as "uvcvideo".
        card: The device's name.
        bus: Where it is plugged in, such as "usb-0000:00:14.0-1".
        flags: The node's own capabilities (`V4L2_CAP_...`).
    """

    driver: str
    card: str
    bus: str
    flags: int

    @property
    def can_capture(self) -> bool:
        """Whether it can capture pictures now: it is not a converter, touch pad or raw node."""
        other = _CAP_M2M | _CAP_M2M_PLANES | _CAP_TOUCH
        return bool(self.flags & _CAP_CAPTURE) and not self.flags & other and not self.is_raw

    @property
    def is_raw(self) -> bool:
        """Whether it gives a sensor's raw data, from which another program makes pictures.

        Such a node has to be set up link by link through its media controller (`V4L2_CAP_IO_MC`).
        """
        return bool(self.flags & _CAP_IO_MC)

    @property
    def can_output(self) -> bool:
        """Whether pictures can be written to it now."""
        return bool(self.flags & _CAP_OUTPUT)
