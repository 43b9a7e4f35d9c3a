"""Whether a room that is being learnt is empty."""

from __future__ import annotations

import logging

import cv2
import numpy as np

from vcam.errors import VcamError
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image
from vcam.segmenters.base import Segmenter
from vcam.segmenters.coarse import difference
from vcam.segmenters.exposure import find_gains, relight
from vcam.segmenters.quality import Networks

logger = logging.getLogger(__name__)

_SIZE = (160, 90)
_LEVELS = 12
"""A pixel of the small picture that changes by more is not noise."""
_MOVING = 0.004
"""Share of the picture that may change: a leaf, a clock, a progress bar on a screen."""
_OTHER_LIGHT = 0.25
"""The exposure may change by so much: lamps flicker, and a camera that starts is adjusting it."""
_FINE_LEVELS = 4
_FINE_SHARE = 0.001
"""The same for means over several pictures, where somebody is suspected."""
_SETTLED = 6
"""Pictures until a mean is worth comparing with."""
_SURE = 0.9
_SUSPECT = 0.01
"""Share of the picture, taken for a person by the network, from which the room may not be empty:
a rock or a coat on a hook can look like one."""
_CERTAIN = 0.15
"""Share from which it is not empty."""
_CHECK_EVERY = 15

STEP_OUT = "step out of the picture"
SOMETHING_MOVES = f"something moves in the picture: {STEP_OUT}"
SOMEBODY_IS_THERE = (
    f"somebody is in the picture: {STEP_OUT} "
    "(if nobody is, set segmentation.mog2.person_check: false)"
)
_NO_CHANGE = np.ones(3, np.float32)


class Watch:
    """Says what speaks against a room being empty.

    Args:
        person_check: Also ask the network, where its model is on this machine.
    """

    def __init__(self, person_check: bool) -> None:
        self._wants_check = person_check
        self._check: PersonCheck | None = None
        self.begin()

    def begin(self) -> None:
        """Forget earlier pictures."""
        self._motion = MotionWatch()
        self._looked, self._person = 0, 0.0

    def obstacle(self, picture: Image) -> str:
        """Why the room is not empty; empty where nothing speaks against it.

        Args:
            picture: The next one, uint8 (h, w, 3), BGR.
        """
        if self._wants_check and self._looked % _CHECK_EVERY == 0:
            self._check = self._check or PersonCheck()
            self._person = self._check.share(picture)
        self._looked += 1
        suspects = self._person > _SUSPECT
        moves = self._motion.sees_motion(picture, suspects)
        if self._person > _CERTAIN or (moves and suspects):
            return SOMEBODY_IS_THERE
        return SOMETHING_MOVES if moves else ""

    def close(self) -> None:
        """Free the network."""
        if self._check is not None:
            self._check.close()
            self._check = None


class MotionWatch:
    """Compares each picture of a room that should be empty with the first one."""

    def __init__(self) -> None:
        self._first: Image | None = None
        self._mean = self._recent = np.empty(0, np.float32)
        self._count = 0

    def sees_motion(self, picture: Image, suspicious: bool) -> bool:
        """Whether more has changed since the first picture than noise and light explain.

        What has changed is the first picture from then on.

        Args:
            picture: uint8 (h, w, 3), BGR.
            suspicious: Also take the breathing of somebody who sits still for motion.
        """
        small = np.asarray(cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA), np.uint8)
        if self._first is None or self._differs(small, self._first):
            moved = self._first is not None
            self._first, self._count = small, 1
            self._recent = small.astype(np.float32)
            return moved
        self._count += 1
        nobody = np.zeros(small.shape[:2], np.uint8)
        gains = find_gains(small, self._first, nobody, _NO_CHANGE)
        cv2.accumulateWeighted(small / gains, self._recent, 0.3)
        if self._count == _SETTLED:
            self._mean = self._recent.copy()
        if not suspicious or self._count <= _SETTLED:
            return False
        shifts = np.abs(self._recent - self._mean).max(2)
        if np.count_nonzero(shifts > _FINE_LEVELS) <= _FINE_SHARE * shifts.size:
            return False
        self._first = None
        return True

    @staticmethod
    def _differs(small: Image, first: Image) -> bool:
        nobody = np.zeros(small.shape[:2], np.uint8)
        gains = find_gains(small, first, nobody, _NO_CHANGE)
        if np.abs(gains - 1).max() > _OTHER_LIGHT:
            return True
        changes = difference(small, relight(first, gains))
        return bool(np.count_nonzero(changes > _LEVELS) > _MOVING * changes.size)


class PersonCheck:
    """Asks the network whether anybody is in a picture, if its model is on this machine."""

    def __init__(self) -> None:
        self._network = _load()

    def share(self, picture: Image) -> float:
        """The share of a picture that the network is sure is a person; 0 without a network.

        Args:
            picture: uint8 (h, w, 3), BGR.
        """
        if self._network is None:
            return 0.0
        try:
            mask = self._network.segment(Pyramid(picture), 0.0)
        except VcamError as error:
            logger.debug("the check of the empty room failed: %s", error)
            return 0.0
        return 0.0 if mask is None else float((mask > _SURE).mean())

    def close(self) -> None:
        """Free the network."""
        if self._network is not None:
            self._network.close()
            self._network = None


def _load() -> Segmenter | None:
    from vcam.segmenters.mediapipe import MediaPipeSegmenter

    try:
        return MediaPipeSegmenter(Networks("landscape", "never"), follow=False)
    except VcamError as error:
        logger.debug("nobody checks that the room is empty: %s", error)
        return None
