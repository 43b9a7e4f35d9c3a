"""What belongs to a person although a network does not know it for a part of one."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.timing import Steps
from vcam.images.types import Image, Plane
from vcam.segmenters import coarse
from vcam.segmenters.exposure import find_shadows, recognise

_SURE = 215
_PERSON = 0.02
"""Share of the picture that the network must be sure of."""
_THICK = np.ones((3, 3), np.uint8)
_REACH = coarse.disc(5)
"""How far from the person a thing in their hand may be."""
_FAR = 19
"""How far their other hand may be, in cells."""
_LEAST, _MOST = 0.002, 0.08
"""Shares of the picture that a hand takes."""
_FIRST = 16
"""Cells that it has risen at most when it is seen first: a door opens from floor to ceiling."""
_KNOWN = 0.3
"""Share of a hand that was one, or beside one, in the frame before."""
_MOVES = 2
"""Cells that a hand moves in 1/30 s."""
_MEMORY = 0.2
"""Seconds for which a hand is remembered."""
_WRIST = 5
"""Cells beyond a hand that belong to it, however thin."""
_ALIKE = 0.3
"""Share of a hand whose colour is found on the person."""


class AttachedObjects:
    """Finds the person's hands and the things in them, from frame to frame.

    That is what differs from the room, is not only lit in another way, is thicker than the
    trembling edge of a chair, and

    - hangs together with the person, or
    - comes in over the lower border not far from them, in their own colours.
    """

    def __init__(self) -> None:
        self._hands: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._seen = 0.0
        self._steps = Steps()

    def find(self, picture: Image, room: Image, mask: Plane, differs: Plane, time: float) -> Plane:
        """Where they are, other than in the mask: uint8 (36, 64), 1 there.

        Args:
            picture: uint8 (36, 64, 3), BGR.
            room: Without the person, of the same size.
            mask: uint8 (36, 64), 255 = person.
            differs: uint8 (36, 64), 1 where the picture clearly differs from the room.
            time: Seconds.
        """
        step = self._steps.take(time)
        sure = (mask > _SURE).view(np.uint8)
        missed = differs & (1 - sure)
        some = self._hands.any() or cv2.morphologyEx(missed, cv2.MORPH_OPEN, _THICK).any()
        if np.count_nonzero(sure) < _PERSON * sure.size or not some:
            self._remember(np.zeros_like(sure), time, step)
            return np.zeros_like(sure)
        missed &= 1 - (find_shadows(picture, room) | recognise(picture, room))
        cores = cv2.morphologyEx(missed, cv2.MORPH_OPEN, _THICK)
        thick = missed & (np.asarray(cv2.dilate(cores, _THICK), np.uint8) | self._hands)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(thick)
        attached = np.bincount(labels[cv2.dilate(sure, _THICK) > 0], minlength=count) > 0
        found, hands, strange = np.zeros_like(sure), np.zeros_like(sure), 0
        for part in range(1, count):
            where = labels == part
            if attached[part]:
                found |= where & cv2.dilate(sure, _REACH)
            elif self._is_hand(where, stats[part], sure, picture):
                hands |= where
            else:
                strange += int(stats[part, cv2.CC_STAT_AREA])
        if strange > np.count_nonzero(hands) and not (hands & self._hands).any():
            hands[:] = 0  # a door opens, or a screen changes: not the time for a new hand
        for _ in range(_WRIST):  # an arm may be thinner than what is looked for
            hands = missed & np.asarray(cv2.dilate(hands, _THICK), np.uint8)
        self._remember(hands, time, step)
        return found | hands

    def _remember(self, hands: Plane, time: float, step: float) -> None:
        """Keep the last hands for a moment: one that passes a place like it is lost there."""
        if hands.any():
            self._seen = time
        if hands.any() or time - self._seen >= _MEMORY:
            self._hands = np.asarray(cv2.dilate(hands, coarse.stride(_MOVES, step)), np.uint8)

    def _is_hand(
        self,
        where: npt.NDArray[np.bool_],
        stats: npt.NDArray[np.int32],
        sure: Plane,
        picture: Image,
    ) -> bool:
        """Whether a part that does not touch the person is a hand of theirs."""
        size = coarse.SIZE[0] * coarse.SIZE[1]
        if not _LEAST * size < stats[cv2.CC_STAT_AREA] < _MOST * size:
            return False
        if self._hands[where].mean() > _KNOWN:
            return True
        if stats[cv2.CC_STAT_HEIGHT] > _FIRST:
            return False
        at_bottom = stats[cv2.CC_STAT_TOP] + stats[cv2.CC_STAT_HEIGHT] >= coarse.SIZE[1] - 1
        return bool(at_bottom) and _is_near(where, sure) and _is_alike(where, sure, picture)


def _is_near(hand: npt.NDArray[np.bool_], sure: Plane) -> bool:
    columns = np.flatnonzero(sure.any(0))
    own = np.flatnonzero(hand.any(0))
    return bool(columns[0] - own[-1] < _FAR and own[0] - columns[-1] < _FAR)


def _is_alike(hand: npt.NDArray[np.bool_], sure: Plane, picture: Image) -> bool:
    """Whether the person wears or is of the colours of `hand`."""
    chroma = cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb)
    colors = cv2.calcHist([chroma], [1, 2], sure, [32, 32], [0, 256, 0, 256])
    cv2.normalize(colors, colors, 255, norm_type=cv2.NORM_INF)
    known = cv2.calcBackProject([chroma], [1, 2], colors, [0, 256, 0, 256], 1)
    return float((known[hand] > 5).mean()) > _ALIKE
