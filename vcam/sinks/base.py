"""The protocol of sinks."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from vcam.devices.readers import Readers
from vcam.images.types import I420


class Sink(Protocol):
    """A destination for finished frames of one size and rate.

    It is opened by its constructor, which raises `SinkError` when it cannot be. One thread
    calls `send`; `close` is called once.
    """

    @property
    def description(self) -> str:
        """For people, such as "Virtual Camera (/dev/video10), 1280x720 at 30 fps"."""

    def send(self, frame: I420) -> None:
        """Send a frame; it may be overwritten as soon as this returns.

        Raises:
            SinkError: The frame was not taken and the sink must be reopened.
        """

    def close(self) -> None:
        """Free the device, or finish the file."""


@runtime_checkable
class TellsReaders(Protocol):
    """A sink that can tell whether programs read it."""

    def readers(self) -> Readers | None:
        """Tracks its readers from now on; None where that is impossible.

        It is closed before the sink is.
        """
