"""Telling people from pictures of people: a portrait on the wall."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask, Plane
from vcam.segmenters.base import Segmenter
from vcam.segmenters.filtering import MaskFilter
from vcam.segmenters.stirring import Stirring, median

_PART = 0.25
"""Mask value from which parts are told apart."""
_SMALLEST = 0.002
"""Share of the picture that somebody takes at least."""
_STIRS = 0.01
"""Share of somebody that stirs at least, however still they sit."""
_MOVES = 0.08
"""Share from which they move as no picture on a wall does."""
_SHAKES = 0.08
"""Share of the room from which the camera was moved, or the light: then nobody has moved."""
_PATIENCE = 2.0
"""Seconds for which nothing must stir in a picture of somebody."""
_STANDS, _MOVED = 10.0, 30.0
"""The same where it reaches down to the picture's lower edge, as people do, and where it has moved:
hiding somebody is worse than showing a picture of somebody."""
_KNOWN = 0.7
"""Share of a part that lies where a picture was found."""
_LEVELS = 4
_ALIKE = 0.95
"""Share of it that looks as the picture did, in the same light, within so many levels."""
_REACH = np.ones((25, 25), np.uint8)
"""How far a movement says that there is somebody: a mask may join them to what is beside them."""
_TRAIL = np.ones((41, 41), np.uint8)
"""Round people: where they have just been counts as theirs."""
_ROUND = np.ones((9, 9), np.uint8)
_NEAR = np.ones((3, 3), np.uint8)

_Cells = npt.NDArray[np.bool_]


class LivingPeople(MaskFilter):
    """Takes pictures of people out of a segmenter's masks.

    A printed face keeps still to the sensor's noise; whoever sits still breathes and blinks. It
    is hidden once it has kept still for a few seconds, hangs together with nobody, and somebody
    larger has been seen to move. When in doubt it is shown.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__(segmenter)
        self._forget()

    def _forget(self) -> None:
        self._stirring: Stirring | None = None
        self._alive_at = np.empty((0, 0), np.float64)
        self._pictures = np.empty((0, 0), np.bool_)
        self._looked_like = np.empty((0, 0), np.float32)
        self._largest = 0

    def reset(self) -> None:
        """Forget the pictures that were found."""
        super().reset()
        self._forget()

    def _kept(self, mask: Mask, pyramid: Pyramid, time: float) -> Plane | None:
        gray = pyramid.gray
        if gray.shape != mask.shape:
            return None
        if self._stirring is None or self._alive_at.shape != gray.shape:
            self._forget()
            self._stirring = Stirring(gray, time)
            self._alive_at = np.full(gray.shape, -np.inf)
            self._pictures = np.zeros(gray.shape, np.bool_)
            self._looked_like = np.zeros(gray.shape, np.float32)
        is_new = self._stirring.look(gray, time)
        if not is_new and not self._pictures.any():
            return None
        count, found, stats, _ = cv2.connectedComponentsWithStats((mask > _PART).view(np.uint8))
        labels = np.asarray(found, np.int32)
        if is_new and self._has_shaken(labels, self._stirring):
            self._stirring = Stirring(gray, time)
        elif is_new:
            self._notice_movement(labels, count, self._stirring, time)
        printed = [
            part
            for part in range(1, count)
            if self._is_printed(
                labels == part, np.asarray(stats[part], np.int32), self._stirring, time
            )
        ]
        return self._without(labels, printed) if printed else None

    @staticmethod
    def _has_shaken(labels: npt.NDArray[np.int32], stirring: Stirring) -> bool:
        """Whether much of the room has moved, beyond where people have just been."""
        room = cv2.dilate((labels > 0).view(np.uint8), _TRAIL) == 0
        moved = np.count_nonzero(stirring.just_moved & room)
        return bool(moved > _SHAKES * np.count_nonzero(room))

    def _notice_movement(
        self, labels: npt.NDArray[np.int32], count: int, stirring: Stirring, time: float
    ) -> None:
        """Remember where somebody moves as no picture does."""
        moved = np.bincount(labels[stirring.just_moved], minlength=count)
        area = np.bincount(labels.ravel(), minlength=count)
        beside = np.asarray(cv2.dilate(stirring.just_moved.view(np.uint8), _REACH)) > 0
        for part in range(1, count):
            if moved[part] > _MOVES * area[part] and area[part] > _SMALLEST * labels.size:
                self._alive_at[beside & (labels == part)] = time
                self._largest = max(self._largest, int(area[part]))

    def _is_printed(
        self, where: _Cells, stats: npt.NDArray[np.int32], stirring: Stirring, time: float
    ) -> bool:
        area = int(stats[cv2.CC_STAT_AREA])
        if area >= self._largest:
            return False
        if self._is_known(where, stirring.mean):
            return True
        bottom = stats[cv2.CC_STAT_TOP] + stats[cv2.CC_STAT_HEIGHT]
        patience = _STANDS if bottom >= where.shape[0] - 1 else _PATIENCE
        if (time - self._alive_at[where] < _MOVED).mean() > _STIRS:
            patience = _MOVED
        if (time - stirring.moved_at[where] < patience).mean() > _STIRS:
            return False
        self._pictures |= where
        self._looked_like[where] = stirring.mean[where]
        return True

    def _is_known(self, where: _Cells, now: npt.NDArray[np.float32]) -> bool:
        """Whether a part is a picture that was found before: somebody has passed it since."""
        before = where & self._pictures
        if np.count_nonzero(before) < _KNOWN * np.count_nonzero(where):
            return False
        then = np.maximum(self._looked_like[before], 1)
        differs = np.abs(now[before] - then * median(now[before] / then)) > _LEVELS
        return bool(differs.mean() < 1 - _ALIKE)

    @staticmethod
    def _without(labels: npt.NDArray[np.int32], printed: list[int]) -> Plane:
        """1 but for where the printed parts are, and round them."""
        is_printed = np.isin(labels, printed)
        round_them = cv2.dilate(is_printed.view(np.uint8), _ROUND)
        others = cv2.dilate(((labels > 0) & ~is_printed).view(np.uint8), _NEAR)
        return np.asarray((round_them == 0) | (others > 0)).view(np.uint8)
