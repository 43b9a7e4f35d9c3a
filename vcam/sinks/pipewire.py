"""A camera that programs find through PipeWire; needs no driver and no root."""

from __future__ import annotations

import sys
import time

from vcam.devices.readers import Readers
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.pipewire import refusals
from vcam.pipewire.packing import Packer
from vcam.pipewire.stream import CameraStream


class PipeWireSink:
    """A PipeWire camera; implements `Sink` and `TellsReaders`.

    Frames travel as packed 4:2:2 (YUY2), the one format that every known consumer accepts: OBS
    accepts no planar 4:2:0, and all programs that watch at once must use the same format.

    Args:
        name: Its name in lists of cameras.
        width: Pixels, even.
        height: Pixels, even.
        fps: Frames per second that will be sent.

    Attributes:
        description: For people, such as "Virtual Camera (PipeWire), 1280x720 at 30 fps".

    Raises:
        SinkError: There is no PipeWire; the message says what to do.
    """

    _stream: CameraStream
    _packer: Packer

    def __init__(self, name: str, width: int, height: int, fps: float) -> None:
        if sys.platform != "linux":
            raise SinkError("PipeWire is there on Linux only", "set output.type to virtual-camera")
        try:
            self._stream = CameraStream(name, width, height, fps)
        except AttributeError as error:
            raise SinkError(
                f"PipeWire is too old ({error})", "version 0.3.34 or later is needed"
            ) from error
        except OSError as error:
            if error.errno is None:  # from the dynamic linker
                raise refusals.not_installed() from error
            raise refusals.silent(error.strerror or str(error)) from error
        self._packer = Packer(width, height)
        self.description = f"{name} (PipeWire), {width}x{height} at {fps:g} fps"

    def send(self, frame: I420) -> None:
        """Send a frame to the consumers; it may be overwritten as soon as this returns.

        Raises:
            SinkError: PipeWire has gone.
        """
        if self._stream.lost:
            raise SinkError(
                f"PipeWire no longer takes frames ({self._stream.lost})",
                commands=("systemctl --user restart pipewire wireplumber",),
            )
        if self._stream.is_streaming:
            self._stream.send(self._packer.pack(frame))

    def readers(self) -> Readers:
        """Tracks whether a program watches; close it before the sink."""
        return Consumers(self._stream)

    def close(self) -> None:
        """Withdraw the camera."""
        self._stream.close()


_LONGEST_WAIT = 0.25
"""Seconds: nobody can end such a wait."""


class Consumers:
    """Tells by the stream's state whether programs take frames; implements `Readers`."""

    def __init__(self, stream: CameraStream) -> None:
        self._stream = stream

    def watched(self) -> bool:
        """Whether a program watches now."""
        return self._stream.is_streaming

    def wait(self, seconds: float) -> bool:
        """Wait up to that long for `watched` to change; returns it."""
        before, until = self.watched(), time.monotonic() + min(seconds, _LONGEST_WAIT)
        while self.watched() == before and (left := until - time.monotonic()) > 0:
            self._stream.wait_for_change(left)
        return self.watched()

    def wake(self) -> None:
        """Nothing: no wait is long."""

    def names(self) -> list[str] | None:
        """Empty while no program watches; PipeWire does not tell a stream which ones do."""
        return None if self.watched() else []

    def close(self) -> None:
        """Nothing is held."""
