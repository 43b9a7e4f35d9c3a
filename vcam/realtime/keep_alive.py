"""The frames that a virtual camera gets while no program reads it."""

from __future__ import annotations

_SECONDS = 5.0
FLUSHING_SECONDS = 0.25
REST_SECONDS = 1.0
"""Longest wait for a reader: wake-ups must not show in a laptop's battery life."""
_FLUSH_FRAMES = 4
"""Placeholders sent when standby begins: the driver's buffers must hold no person that it could
give to the next viewer, and v4l2loopback from 0.13 on shows no camera before the first frames."""


class KeepAlive:
    """Says when a frame is due in standby: a few at once, and then one every five seconds."""

    def __init__(self) -> None:
        self._count = 0
        self._last = float("-inf")

    @property
    def is_flushed(self) -> bool:
        """Whether the driver's buffers hold nothing but what was sent since `restart`."""
        return self._count >= _FLUSH_FRAMES

    @property
    def patience(self) -> float:
        """Seconds to wait for a reader before anything else is done."""
        return REST_SECONDS if self.is_flushed else FLUSHING_SECONDS

    def restart(self) -> None:
        """Flush the buffers again: standby begins or ends, or the node is new."""
        self._count = 0

    def is_due(self, now: float) -> bool:
        """Whether a frame is to be sent at `now` (seconds) in standby."""
        return not self.is_flushed or now - self._last >= _SECONDS

    def sent(self, now: float) -> None:
        """Note that a frame is sent at `now`."""
        self._count += 1
        self._last = now
