"""No sink at all: the frames are only looked at, in a preview."""

from __future__ import annotations

from vcam.images.types import I420


class NoSink:
    """Takes frames and drops them; implements `Sink`."""

    description = "the preview alone, no virtual camera"

    def send(self, frame: I420) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to free."""
