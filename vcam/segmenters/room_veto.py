"""Whether whole parts of a mask are pieces of a known room."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Mask, Plane
from vcam.segmenters import coarse

_MOSTLY_ROOM = 0.6
"""Share of a part of the mask that must look like the room for all of it to go."""
_HARDLY_ROOM = 0.3
"""Share up to which a part is somebody who was not there when the room was learnt."""
_LARGE = 0.01
"""Least share of the picture that somebody like that takes."""
_SURE = 0.7
"""Mean mask value of a part, from which the network is sure of it."""
_PATIENCE = 0.3
"""Seconds for which the network must be sure of what looks like the room, to be believed."""


class RoomVeto:
    """Judges the parts of a network's masks by what is known of the room, from frame to frame.

    A part that looks like the room is a piece of it. But if it is the largest, the network stays
    sure of it, and nobody has been seen yet, then the person sat there, unnoticed, when the room
    was learnt: what was learnt is wrong there, and at all that the network is sure of. Once
    somebody has been met it is what the network takes for the person who has just left.

    Attributes:
        has_met_somebody: Whether somebody has been seen who was not there when the room was learnt.
    """

    def __init__(self) -> None:
        self.has_met_somebody = False
        self._sure_since: float | None = None

    def judge(self, mask: Mask, likeness: Plane, time: float) -> tuple[Plane, Plane]:
        """Compare the parts of a mask with the room.

        Args:
            mask: float32 (h, w) in 0..1.
            likeness: uint8 (h, w): share of the pixels round each that look like the room,
                255 = all.
            time: Seconds.

        Returns:
            Where there are parts that are pieces of the room, and where what was learnt is
            wrong: both uint8 (36, 64), 1 there.
        """
        nowhere = np.zeros(coarse.SHAPE, np.uint8)
        found = coarse.share((mask > 0.3).view(np.uint8), 0.3)
        count, labels = cv2.connectedComponents(found)
        if count == 1:
            self._sure_since = None
            return nowhere, nowhere
        levels = coarse.shrunk(cv2.convertScaleAbs(mask, alpha=255)).ravel() / 255.0
        area, sure, alike = (
            np.bincount(labels.ravel(), weights, count)
            for weights in (None, levels, coarse.shrunk(likeness).ravel() / 255.0)
        )
        is_room, is_sure = alike > _MOSTLY_ROOM * area, sure > _SURE * area
        is_new = is_sure & (alike < _HARDLY_ROOM * area) & (area > _LARGE * found.size)
        is_room[0] = is_new[0] = False
        self.has_met_somebody = self.has_met_somebody or bool(is_new.any())
        is_wrong = np.zeros_like(is_room)
        if self.has_met_somebody or not (is_room & is_sure)[1 + np.argmax(sure[1:])]:
            self._sure_since = None
        elif self._sure_since is None:
            self._sure_since = time
        elif time - self._sure_since > _PATIENCE:
            is_wrong, is_room = is_room & is_sure, is_room & ~is_sure
        if not is_room.any() and not is_wrong.any():
            return nowhere, nowhere
        room, misjudged = (
            np.asarray(cv2.dilate(which[labels].view(np.uint8), coarse.disc(radius)), np.uint8)
            for which, radius in ((is_room, 1), (is_wrong, 3))
        )
        return room, misjudged

    def forget(self) -> None:
        """It is another room: nobody has been seen before it."""
        self.has_met_somebody = False
        self._sure_since = None
