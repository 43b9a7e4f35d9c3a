"""The seam that paints what stands behind the person."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from vcam.images.types import I420, Alpha


class Background(Protocol):
    """Something to show instead of the room, at the output's size.

    The render thread alone calls `paint` and `cover`. Neither waits for anything, nor raises for
    what happens after the constructor (a file that vanishes, a video that cannot be decoded any
    more): the last good picture stays, and `problem` tells.
    """

    @property
    def room_width(self) -> int:
        """How wide a picture of the room `paint` needs, in pixels; 0 where it looks at none."""

    @property
    def problem(self) -> str:
        """Why what is shown is not all that was asked for, in a sentence; empty if all is well.

        Any thread may ask.
        """

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """What stands behind the person in this frame.

        Args:
            picture: The camera's frame, of at least `room_width` and of the output's
                proportions, the last pixels at the right and lower edges left out at most;
                undefined where `room_width` is 0.
            alpha: uint8 (h, w), the matte of that same frame.
            time: When the frame was captured, seconds on a monotonic clock.

        Returns:
            A picture of the output's size, the background's own: valid until the next call
            and not to be written to.
        """

    def cover(self, time: float) -> I420:
        """What is shown when there is no matte: a picture with nothing of the room in it.

        It is never written to again, so it may be kept.
        """

    def close(self) -> None:
        """Free what it holds; nothing is painted after this."""


@runtime_checkable
class Stepping(Protocol):
    """A background of several pictures that can be told to go on, from any thread."""

    def step(self, by: int) -> None:
        """Go `by` pictures on, or back where negative, as soon as that one is loaded."""


class Steady:
    """What all backgrounds have in common to which nothing can happen, and that hide the room."""

    room_width = 0

    @property
    def problem(self) -> str:
        """Nothing."""
        return ""

    def close(self) -> None:
        """Nothing to free."""
