"""The protocol of backgrounds."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from vcam.images.types import I420, Alpha


class Background(Protocol):
    """What is shown instead of the room, at the output's size.

    Only the render thread calls `paint` and `cover`. Neither blocks, nor raises for anything that
    happens after the constructor (a file that vanishes, a video that can no longer be decoded): the
    last good picture stays, and `problem` says why.
    """

    @property
    def room_width(self) -> int:
        """How wide a picture of the room `paint` needs, in pixels; 0 if it uses none."""

    @property
    def problem(self) -> str:
        """Why the background is not shown as configured, in a sentence; empty if it is.

        Any thread may read it.
        """

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The background of this frame.

        Args:
            picture: The camera's frame, at least `room_width` wide and of the output's proportions,
                except that its last column or row may be missing; undefined if `room_width` is 0.
            alpha: uint8 (h, w), the matte of that same frame.
            time: When the frame was captured, seconds on a monotonic clock.

        Returns:
            A picture of the output's size, owned by the background: valid until the next call,
            read-only.
        """

    def cover(self, time: float) -> I420:
        """What is shown if there is no matte: a picture with nothing of the room in it.

        It is never modified afterwards, so it may be kept.
        """

    def close(self) -> None:
        """Free its resources; called last."""


@runtime_checkable
class Stepping(Protocol):
    """A background of several pictures that any thread can advance."""

    def step(self, by: int) -> None:
        """Advance by `by` pictures (negative: back) as soon as that one is loaded."""


class Steady:
    """Base of backgrounds that cannot fail later and that do not show the room."""

    room_width = 0

    @property
    def problem(self) -> str:
        """Nothing."""
        return ""

    def close(self) -> None:
        """Nothing to free."""
