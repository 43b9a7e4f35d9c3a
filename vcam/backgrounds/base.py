"""The seam that paints what stands behind the person."""

from __future__ import annotations

from typing import Protocol

from vcam.frames import I420, Alpha


class Background(Protocol):
    """Something to show instead of the room, at the output's size."""

    @property
    def uses_room(self) -> bool:
        """Whether `paint` looks at the camera's picture; elsewhere that is not filled in."""

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """What stands behind the person in this frame.

        Args:
            picture: The camera's frame at the output's size; undefined where `uses_room` is
                False.
            alpha: uint8 (h, w), the matte of that same frame.
            time: When the frame was captured, seconds on a monotonic clock.

        Returns:
            A picture of the output's size, the background's own: valid until the next call
            and not to be written to.
        """

    def cover(self, time: float) -> I420:
        """What is shown when there is no matte: a picture with nothing of the room in it."""

    def close(self) -> None:
        """Free what it holds; nothing is painted after this."""
