"""A sink for tests that keeps what it was sent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vcam.errors import SinkError
from vcam.images.types import I420, Plane


class FakeSink:
    """Keeps a copy of every frame; implements `Sink`.

    Args:
        on_frame: Called after each frame with the number of frames so far.
        fails_after: Frames after which `send` raises; None for never.

    Attributes:
        frames: The frames' data, uint8 (n,) each.
    """

    description = "a fake sink"

    def __init__(
        self, on_frame: Callable[[int], None] = lambda count: None, fails_after: int | None = None
    ) -> None:
        self._on_frame, self._fails_after = on_frame, fails_after
        self.frames: list[Plane] = []
        self.closed = False

    def send(self, frame: I420) -> None:
        """Keep a copy."""
        if self._fails_after is not None and len(self.frames) >= self._fails_after:
            raise SinkError("the fake sink takes no more frames")
        self.frames.append(np.array(frame.data))
        self._on_frame(len(self.frames))

    def close(self) -> None:
        """Noted in `closed`."""
        self.closed = True
