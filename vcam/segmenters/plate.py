"""A clean plate: the picture of the room without the person, learnt wherever nobody is."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.timing import Schedule
from vcam.images.types import Image, Mask, Plane
from vcam.segmenters import coarse
from vcam.segmenters.exposure import find_gains, relight

_EVERY = 1 / 6
"""Seconds between two updates."""
_HOLD = 0.4
"""Seconds that a pixel must be away from the person before it is learnt."""
_TRUSTED = 4
"""Updates in which a pixel looked the same until it is trusted."""
_OLDEST, _NEVER = 30, 255
_WEIGHTS = np.array([1 / (age + 1) for age in range(_NEVER)] + [0], np.float32)
"""Of a picture in the mean, by its pixels' ages: all of it where they are new."""
_DISTRUST = 3
"""Updates' worth of trust that one contradiction costs."""
_LEVELS = 9
"""Least tolerance in levels: noise and compression."""
_EDGE_SHARE = 0.4
"""What of the local contrast is tolerated besides: edges tremble."""
_CONTRADICTED = 0.35
"""Share of what is known of the room away from the person: if more differs, it is another."""
_EDGE = 20
"""Contrast, in levels, from which there is an edge."""
_EDGES_GONE = 0.2
"""The same share of the edges: fewer are there after a nudge of the camera."""
_GAP = 2.0
"""Seconds without pictures after which nothing is known: the camera may have been moved."""
_LIKELY = 0.25
"""Mask value from which a pixel may be the person's."""
_NEAR = 3
"""Cells of the coarse grid round the person in which nothing is learnt."""


class CleanPlate:
    """What each pixel of a room looks like, and how well that is known.

    Args:
        width: Of the grid, pixels.
        height: Of the grid, pixels.

    Attributes:
        room: uint8 (h, w, 3), BGR, in the light of the last picture.
        coarse_room: The same on the coarse grid, as of the last call of `adjust`.
        trusted: uint8 (h, w), 1 where `room` is known.
        tolerance: uint8 (h, w): by how many levels the room may differ from `room`.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._mean = np.zeros((height, width, 3), np.float32)
        self._age: Plane = np.zeros((height, width), np.uint8)
        self._near_at = np.full(coarse.SHAPE, -np.inf)
        self._looked_at = 0.0
        self._gains = np.ones(3, np.float32)
        self._learnt: Image = np.zeros((height, width, 3), np.uint8)
        self._updates = Schedule(_EVERY)
        self._near: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._unknown: Plane = np.ones(coarse.SHAPE, np.uint8)
        self._edges = np.zeros(coarse.SHAPE, np.bool_)
        self._coarse_tolerance: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._coarse_learnt: Image = np.zeros((*coarse.SHAPE, 3), np.uint8)
        self.room, self.coarse_room = self._learnt, self._coarse_learnt
        self.trusted: Plane = np.zeros((height, width), np.uint8)
        self.tolerance: Plane = np.zeros((height, width), np.uint8)

    def adjust(self, rough: Image, person: Mask, time: float) -> None:
        """Find out today's light and bring `room` into it; forget all if it is another room.

        Args:
            rough: The picture on the coarse grid.
            person: float32 (h, w) in 0..1, what may be the person.
            time: Seconds.
        """
        likely = coarse.share((person > _LIKELY).view(np.uint8), 0.02)
        self._near = np.asarray(cv2.dilate(likely, coarse.disc(_NEAR)), np.uint8)
        unknown = self._unknown | self._near
        self._gains = find_gains(rough, self._coarse_learnt, unknown, self._gains)
        self.coarse_room = relight(self._coarse_learnt, self._gains)
        if time - self._looked_at > _GAP or self._is_another_room(rough, unknown == 0):
            self.forget()
        self._looked_at = time
        self.room = relight(self._learnt, self._gains)

    def is_due(self, time: float) -> bool:
        """Whether it is time to learn again, in seconds; whoever asks then does."""
        return self._updates.is_due(time)

    def learn(self, picture: Image, given: Plane, time: float) -> None:
        """Learn from `picture` where nobody is and has been for a while; after `adjust`.

        Args:
            picture: uint8 (h, w, 3), BGR.
            given: uint8 (36, 64), not 0 where there is something else of the person.
            time: Seconds.
        """
        self._near_at[(self._near | given) > 0] = time
        away = (time - self._near_at > _HOLD).view(np.uint8)
        free = coarse.enlarged(away, *self._size).view(np.bool_)
        agrees = coarse.difference(picture, self.room) <= np.maximum(self.tolerance, _LEVELS)
        # In 8 bit, where sums and differences stop at the ends of the range.
        age = cv2.add(self._age, (free & agrees).view(np.uint8))
        age = cv2.subtract(age, (free & ~agrees) * np.uint8(_DISTRUST))
        self._age = np.minimum(np.asarray(age, np.uint8), np.uint8(_OLDEST))
        learns = free & (agrees | (self._age == 0))
        weight = cv2.LUT(np.where(learns, self._age, np.uint8(_NEVER)), _WEIGHTS)
        unlit = np.arange(256, dtype=np.float32)[:, None] / self._gains
        news = np.asarray(cv2.LUT(picture, unlit[:, None]), np.float32)
        news -= self._mean
        news *= np.asarray(cv2.merge([weight] * 3), np.float32)
        self._mean += news
        self._refresh(away)

    def distrust(self, where: Plane) -> None:
        """Forget what is known in the cells of `where`, uint8 (36, 64), that are not 0."""
        gone = coarse.enlarged(where, *self._size) > 0
        self._age[gone] = 0
        self.trusted[gone] = 0

    def forget(self) -> None:
        """Forget all: it is another room, or another light."""
        self._age[:] = 0
        self._gains[:] = 1
        self.trusted[:] = 0
        self._unknown[:] = 1

    def _is_another_room(self, rough: Image, known: npt.NDArray[np.bool_]) -> bool:
        """Whether too much of what is known looks otherwise, or the edges are no longer there."""
        differs = coarse.difference(rough, self.coarse_room) > self._coarse_tolerance
        return _most(differs, known, _CONTRADICTED) or _most(
            differs, known & self._edges, _EDGES_GONE
        )

    def _refresh(self, away: Plane) -> None:
        self._learnt = np.asarray(cv2.convertScaleAbs(self._mean), np.uint8)
        self.tolerance = _tolerance(coarse.contrast(self._learnt))
        self.trusted = (self._age >= _TRUSTED).view(np.uint8)
        self._coarse_learnt = coarse.shrunk(self._learnt)
        contrast = coarse.contrast(self._coarse_learnt)
        self._edges, self._coarse_tolerance = contrast > _EDGE, _tolerance(contrast)
        self._unknown = 1 - (coarse.share(self.trusted, 0.9) & away)
        self.room = relight(self._learnt, self._gains)


def _tolerance(contrast: Plane) -> Plane:
    return np.asarray(cv2.convertScaleAbs(contrast, alpha=_EDGE_SHARE, beta=_LEVELS), np.uint8)


def _most(of: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_], share: float) -> bool:
    """Whether more than a share of the cells in `among` are in `of`; False of only a few."""
    count = np.count_nonzero(among)
    return bool(count > 0.02 * among.size and np.count_nonzero(of & among) > share * count)
