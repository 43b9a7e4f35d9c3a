"""What a place looked like just before somebody or something came there."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.timing import Schedule
from vcam.images.types import Image, Plane
from vcam.segmenters import coarse
from vcam.segmenters.exposure import find_gains, relight

_EVERY = 1 / 6
"""Seconds between two updates."""
_SETTLED, _CHANGED = 6, 18
"""Updates in which a place must look the same until it is known, and until it is known anew."""
_MEMORY = 20.0
"""Seconds for which it is known what is behind somebody: a chair may have been moved there."""
_GAP = 2.0
"""Seconds without pictures after which nothing is known: the camera may have been moved."""
_FRESH = 0.2
"""Weight of a picture that looks as known: the light drifts."""
_SAME = 9
"""Levels within which a pixel looks the same."""
_NONE, _SAMES = (0, 0, 0, 0), (_SAME, _SAME, _SAME, 0)
_EDGE_SHARE = 0.2
"""What of the local contrast is tolerated besides: edges tremble."""
_OTHER_LIGHT = 0.15
"""Change of the light from which it is not known how it changes what is hidden."""
_MOST = 0.5
"""Share of a cell's known pixels that must look otherwise for it to do so."""
_CLEARLY = 2.0
"""How many tolerances a pixel must differ."""


class RecentRoom:
    """The room as it was a moment ago, also close to people, where it is never learnt for good.

    A clean plate can take something away from a person, so nothing that is near one is learnt
    there. What is known here is only used to tell what is new.

    Args:
        width: Of the grid, pixels.
        height: Of the grid, pixels.

    Attributes:
        rough: uint8 (36, 64, 3), BGR, in the light of the last picture.
        known: uint8 (h, w), 1 where it is known.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._room: Image = np.zeros((height, width, 3), np.uint8)
        self._lit = self._room
        self._tolerance: Image = np.full((height, width, 3), 255, np.uint8)
        self._candidate = self._room.copy()
        self._age: Plane = np.zeros((height, width), np.uint8)
        self._learnt: Image = np.zeros((*coarse.SHAPE, 3), np.uint8)
        self._known_at = np.full(coarse.SHAPE, -np.inf)
        self._gains = np.ones(3, np.float32)
        self._updates = Schedule(_EVERY)
        self._looked_at = 0.0
        self.rough = self._learnt
        self.known: Plane = np.zeros((height, width), np.uint8)
        self.rough_known: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._rough_share = np.zeros(coarse.SHAPE, np.int32)
        self._whole: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._rough_tolerance: Plane = np.zeros(coarse.SHAPE, np.uint8)

    def news(self, picture: Image, rough: Image, taken: Plane, time: float) -> Plane:
        """The cells that look otherwise, in whatever light: uint8 (36, 64), 1 there.

        Args:
            picture: uint8 (h, w, 3), BGR, smoothed.
            rough: The same on the coarse grid.
            taken: uint8 (36, 64), not 0 where somebody or something of theirs is.
            time: Seconds.
        """
        if time - self._looked_at > _GAP:
            self.forget()
        self._looked_at = time
        found = self._found(picture, rough)
        if not found.any():
            return found
        hidden = np.asarray((self.rough_known == 0) | (taken > 0)).view(np.uint8)
        gains = find_gains(rough, self._learnt, hidden, self._gains)
        if np.array_equal(gains, self._gains):
            return found
        self._gains = gains
        self._lit, self.rough = relight(self._room, gains), relight(self._learnt, gains)
        return self._found(picture, rough)

    def _found(self, picture: Image, rough: Image) -> Plane:
        """The cells that look otherwise in that light, by their pixels or as a whole."""
        share = coarse.shrunk(self._channels_that_differ(picture)).max(2)
        pixels = (share > _MOST * self._rough_share) & (self.rough_known > 0)
        whole = coarse.difference(rough, self.rough) > self._rough_tolerance
        return np.asarray(pixels | (whole & (self._whole > 0))).view(np.uint8)

    def differs(self, picture: Image) -> Plane:
        """Where the picture clearly looks otherwise: uint8 (h, w), 1 there; after `news`."""
        return np.asarray(self._channels_that_differ(picture).max(2), np.uint8) & self.known

    def _channels_that_differ(self, picture: Image) -> Image:
        """255 where a channel clearly is otherwise, else 0: uint8 (h, w, 3)."""
        differs = cv2.compare(cv2.absdiff(picture, self._lit), self._tolerance, cv2.CMP_GT)
        return np.asarray(differs, np.uint8)

    def is_due(self, time: float) -> bool:
        """Whether it is time to learn again, in seconds; whoever asks then does."""
        return self._updates.is_due(time)

    def learn(self, picture: Image, taken: Plane, things: Plane, time: float) -> None:
        """Learn from `picture` where nobody is; after `differs`.

        Args:
            picture: uint8 (h, w, 3), BGR, smoothed.
            taken: uint8 (h, w), 1 where somebody or something of theirs is.
            things: uint8 (36, 64), 1 where there is something of theirs: what is behind is kept.
            time: Seconds.
        """
        self._adopt_light(taken)
        free = np.asarray(cv2.bitwise_not(taken * np.uint8(255)), np.uint8)
        same = _alike(picture, self._candidate)
        cv2.copyTo(picture, cv2.bitwise_not(same), self._candidate)
        self._age = np.asarray(cv2.add(self._age, 1), np.uint8)
        self._age = np.asarray(cv2.bitwise_and(self._age, self._age, mask=same & free), np.uint8)
        agrees = _alike(picture, self._room) & free
        blend = np.asarray(cv2.addWeighted(picture, _FRESH, self._room, 1 - _FRESH, 0), np.uint8)
        cv2.copyTo(blend, agrees, self._room)
        patience = _SETTLED + (_CHANGED - _SETTLED) * self.known
        self.accept(picture, np.asarray(cv2.compare(self._age, patience, cv2.CMP_GE), np.uint8))
        self._forget_old(free, things, time)
        self._refresh()

    def accept(self, picture: Image, where: Plane) -> None:
        """Take `picture` for the room where `where`, uint8 (h, w), is 255 and not 0."""
        cv2.copyTo(picture, where, self._room)
        self.known |= where & np.uint8(1)

    def _adopt_light(self, taken: Plane) -> None:
        """Keep the room as it looks in today's light; of what is hidden that is not known."""
        if np.abs(self._gains - 1).max() > _OTHER_LIGHT:
            self.known[taken > 0] = 0
        self._room = relight(self._room, self._gains)
        self._gains = np.ones(3, np.float32)
        self._lit = self._room

    def _forget_old(self, free: Plane, things: Plane, time: float) -> None:
        seen = coarse.share(self.known & free, 0.02) | things
        self._known_at[seen > 0] = time
        old = (time - self._known_at > _MEMORY).view(np.uint8)
        if old.any():
            self.known[coarse.enlarged(old, *self._size) > 0] = 0

    def _refresh(self) -> None:
        contrast = cv2.convertScaleAbs(coarse.contrast(self._room), alpha=_EDGE_SHARE, beta=_SAME)
        tolerance = cv2.convertScaleAbs(contrast, alpha=_CLEARLY)
        tolerance[self.known == 0] = 255
        self._tolerance = np.asarray(cv2.merge([tolerance] * 3), np.uint8)
        self._learnt = coarse.shrunk(self._room)
        self.rough = self._learnt
        self.rough_known = coarse.share(self.known, 0.3)
        self._rough_share = coarse.shrunk(self.known * np.uint8(255)).astype(np.int32)
        self._whole = coarse.share(self.known, 0.9)
        contrast = cv2.convertScaleAbs(coarse.contrast(self.rough), alpha=_EDGE_SHARE, beta=_SAME)
        self._rough_tolerance = np.asarray(cv2.convertScaleAbs(contrast, alpha=_CLEARLY), np.uint8)

    def forget(self) -> None:
        """Forget all: it is another room, or another light."""
        self._age[:] = 0
        self.known[:] = 0
        self.rough_known[:] = 0
        self._whole[:] = 0
        self._tolerance[:] = 255
        self._lit = self._room
        self._gains[:] = 1


def _alike(one: Image, other: Image) -> Plane:
    """255 where two pictures look the same, else 0: uint8 (h, w)."""
    return np.asarray(cv2.inRange(cv2.absdiff(one, other), _NONE, _SAMES), np.uint8)
