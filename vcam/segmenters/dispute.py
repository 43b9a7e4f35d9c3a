"""Who is right where two networks disagree about a part of somebody."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.timing import left
from vcam.images.types import Mask, Plane
from vcam.segmenters.limb import limb_at_the_edge

_SEEN, _UNSEEN, _BODY = 0.6, 0.4, 0.5
_REACH = np.ones((7, 7), np.uint8)
_NEXT = np.ones((3, 3), np.uint8)
_SMALLEST = 0.002
"""Share of the picture from which a part is worth a dispute: a hand."""
_MOVED = 0.4
"""Share of a part's outline that must have moved."""
_OUTLINE = 8
"""Least length of it, in pixels."""
_NOBODY, _SLOPE = np.float32(0.25), np.float32(2)
"""Where somebody is certain, a mask that is half sure is as good as one that is: a ghost of an arm
looks worse than none."""
_KEPT = 0.5
"""Share of a part that was the person's before, from which it still is, moving or not."""
_REMEMBERED, _FORGOTTEN = 0.96, 0.3
"""Share of that which is left after 1/30 s, and the share that is too little: a second on."""


class Dispute:
    """Settles what only one of two networks takes for a part of a person, from time to time.

    Both mistake pieces of the room for people, even at several scales, and both overlook arms
    and dark clothes. But a piece of the room keeps still, and so does its outline. What hangs
    together with somebody, and of which the outline has moved, is theirs, and remains it.
    """

    def __init__(self) -> None:
        self._kept: npt.NDArray[np.float32] | None = None
        self._settled: float | None = None

    def settle(self, one: Mask, other: Mask, moved: Mask, time: float) -> Mask:
        """What is a person's although only one of the networks sees it.

        Args:
            one: A network's mask, float32 (h, w) in 0..1.
            other: The other one's.
            moved: Where something has moved lately, of the same size.
            time: Seconds.

        Returns:
            float32 (h, w) in 0..1, solid there, 0 elsewhere.
        """
        if self._kept is None or self._kept.shape != one.shape:
            self._kept = np.zeros(one.shape, np.float32)
        kept = np.zeros(one.shape, np.bool_)
        for sure, doubting in ((one, other), (other, one)):
            kept |= self._parts(sure, doubting, moved, self._kept > _FORGOTTEN)
        share = 0.0 if self._settled is None else left(_REMEMBERED, time - self._settled)
        self._settled = time
        self._kept = np.maximum(self._kept * np.float32(share), kept)
        if not kept.any():
            return np.zeros_like(one)
        around = cv2.dilate(kept.view(np.uint8), _REACH)
        most = np.maximum(one, other)
        solid = np.asarray(np.clip((most - _NOBODY) * _SLOPE, 0, 1) * around, np.float32)
        return np.maximum(solid, limb_at_the_edge(kept, most, np.minimum(one, other), moved))

    @staticmethod
    def _parts(
        sure: Mask, doubting: Mask, moved: Mask, before: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """The parts that only `sure` sees and that are a person's."""
        near = cv2.dilate(doubting, _REACH)
        disputed = ((sure > _SEEN) & (near < _UNSEEN)).view(np.uint8)
        disputed = np.asarray(cv2.morphologyEx(disputed, cv2.MORPH_OPEN, _NEXT), np.uint8)
        found = np.zeros(sure.shape, np.bool_)
        if np.count_nonzero(disputed) < _SMALLEST * disputed.size:
            return found
        body = (sure > _BODY).view(np.uint8)
        agreed = body & (near > _BODY)
        _, bodies = cv2.connectedComponents(body)
        outline = _outline(body) & ~(cv2.dilate(agreed, _REACH) > 0)
        count, labels = cv2.connectedComponents(disputed)
        for part in range(1, count):
            where = labels == part
            if np.count_nonzero(where) < _SMALLEST * where.size:
                continue
            whole = bodies == bodies[where][0]
            if not agreed[whole].any():
                continue
            edge = outline & (cv2.dilate(where.view(np.uint8), _REACH) > 0)
            moves = np.count_nonzero(edge) >= _OUTLINE and moved[edge].mean() > _MOVED
            if moves or before[where].mean() > _KEPT:
                found |= where
        return found


def _outline(body: Plane) -> npt.NDArray[np.bool_]:
    """The edge of `body`, but for where the picture ends."""
    edge = np.asarray(cv2.morphologyEx(body, cv2.MORPH_GRADIENT, _NEXT)) > 0
    edge[:2] = edge[-2:] = False
    edge[:, :2] = edge[:, -2:] = False
    return edge
