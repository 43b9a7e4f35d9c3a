"""The room as it is."""

from __future__ import annotations

from vcam.backgrounds.base import Steady
from vcam.backgrounds.still import NEUTRAL, Still
from vcam.images.types import I420, Alpha


class RoomBackground(Steady):
    """Hides nothing: the camera's own picture stands behind the person.

    It implements `Background`. While there is no matte a neutral card is shown all the same.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
    """

    replaces_person = True

    def __init__(self, width: int, height: int) -> None:
        self.room_width = width
        self._card = Still.plain(width, height, NEUTRAL)

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """`picture` itself."""
        return picture

    def cover(self, time: float) -> I420:
        """A plain dark grey."""
        return self._card.cover(time)
