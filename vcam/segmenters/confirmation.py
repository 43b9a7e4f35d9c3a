"""Confirming a network's mask by a second network and by motion."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.pyramid import Pyramid
from vcam.images.timing import Steps, left
from vcam.images.types import Mask, Plane

_REACH = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
_NEAR = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
_FADING = 0.5
"""Share of a movement that is left after 1/30 s."""
_ENOUGH = np.float32(1.6)
"""Gain: an opinion that is a little more than half sure confirms fully."""
_SLOW = 0.2
"""Seconds between two pictures in which what moves slowly has moved enough to be seen."""
_REMEMBERED = 0.9
"""Share of that which is left after so long."""


class Movement:
    """Tracks where something has just moved."""

    def __init__(self) -> None:
        self._moved: npt.NDArray[np.float32] | None = None
        self._seen: npt.NDArray[np.float32] | None = None
        self._before: Plane | None = None
        self._before_at = 0.0
        self._lately: npt.NDArray[np.float32] | None = None
        self._steps = Steps()

    def lately(self, pyramid: Pyramid, time: float) -> Mask:
        """Where something has moved within the last seconds, however slowly: float32 (h, w)."""
        gray = pyramid.gray
        if self._lately is None or self._before is None or self._lately.shape != gray.shape:
            self._lately = np.zeros(gray.shape, np.float32)
            self._before, self._before_at = gray, time
        elif time - self._before_at >= _SLOW:
            moved = pyramid.moved_since(self._before)
            share = np.float32(_REMEMBERED ** ((time - self._before_at) / _SLOW))
            self._lately = np.maximum(self._lately * share, moved)
            self._before, self._before_at = gray, time
        return self._lately

    def where(self, pyramid: Pyramid) -> Mask:
        """Where something has just moved: float32 (h, w) in 0..1, the same for one picture."""
        if self._moved is None or self._seen is not pyramid.motion:
            self._seen, step = pyramid.motion, self._steps.take(pyramid.time)
            moved = np.asarray(cv2.dilate(self._seen, _NEAR), np.float32)
            if self._moved is not None and self._moved.shape == moved.shape:
                np.maximum(moved, self._moved * np.float32(left(_FADING, step)), out=moved)
            self._moved = moved
        return self._moved


class Confirmation:
    """Keeps the other network's last mask.

    Two networks rarely mistake the same piece of a room for a person, and a piece of a room does
    not move. So what only one sees, and what keeps still, is not shown.
    """

    def __init__(self) -> None:
        self._opinion: Mask | None = None

    @property
    def is_informed(self) -> bool:
        """Whether the other network has run yet."""
        return self._opinion is not None

    def update(self, opinion: Mask) -> None:
        """Take the other network's mask, float32 (h, w) in 0..1, in place of its last one.

        It confirms what is a few pixels beside it too: until it is asked again people move.
        """
        self._opinion = np.asarray(cv2.dilate(opinion, _REACH), np.float32)

    def confirm(self, mask: Mask, moved: Mask) -> Mask:
        """The part of `mask` that is confirmed.

        Args:
            mask: float32 (h, w) in 0..1.
            moved: The same, where something has just moved.

        Returns:
            A new float32 (h, w) in 0..1.
        """
        if self._opinion is None or self._opinion.shape != mask.shape:
            return np.zeros_like(mask)
        sure = np.maximum(moved, self._opinion)
        sure *= _ENOUGH
        np.clip(sure, 0, 1, out=sure)
        return np.multiply(sure, mask, out=sure)
