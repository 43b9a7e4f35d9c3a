"""Which parts of what differs from the room belong to the person."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Image, Plane
from vcam.segmenters import coarse
from vcam.segmenters.exposure import recognise

_PERSON = 0.012
"""Share of the picture from which a part can be a person."""
_LARGE = 0.06
"""Share from which one need not touch the picture's border."""
_RESTING = 0.97
"""Share of a part in which nothing moves, from which it rests: people never do altogether."""
_NEAR = np.ones((3, 3), np.uint8)


class Parts:
    """Keeps the person and drops the rest, from frame to frame.

    A person is the largest part, and has come in over the picture's border, or is large. What
    else touches the border is theirs too (a hand), unless it lies beside them without moving for
    `patience` seconds: then it is a thing that was moved. What hangs in mid-air is none of theirs.

    Args:
        patience: Seconds; infinite to never take a part for a thing.
    """

    def __init__(self, patience: float) -> None:
        self._stillness = coarse.Stillness(patience)
        self.person: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self.things: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._main: Plane = np.zeros(coarse.SHAPE, np.uint8)

    def keep(self, mask: Plane, picture: Image, room: Image, time: float) -> None:
        """Blacken in `mask` what does not belong to the person.

        Afterwards `person` says where they are (generously) and `things` what lies about:
        uint8 (36, 64), 1 there.

        Args:
            mask: uint8 (h, w), 255 where the picture differs; changed in place.
            picture: uint8 (36, 64, 3), BGR.
            room: As it was learnt, of the same size.
            time: Seconds.
        """
        differs = (coarse.shrunk(mask) > 40).view(np.uint8)
        still = self._stillness.look(picture, time)
        lit = recognise(picture, room)
        near = np.asarray(cv2.dilate(differs & (1 - lit), _NEAR), np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(near)
        labels_ = np.asarray(labels, np.int32)
        main = self._find_main(labels_, np.asarray(stats, np.int32), count)
        is_mine = np.zeros(count, np.uint8)
        is_thing = np.zeros(count, np.uint8)
        for part in range(1, count):
            beside = part != main and _is_beside(stats[part], stats[main])
            resting = beside and still[labels_ == part].mean() > _RESTING
            is_mine[part] = part == main or (main and _touches_border(stats[part]) and not resting)
            is_thing[part] = resting
        self.person, self.things = is_mine[labels_], is_thing[labels_]
        self._main = (labels_ == main).view(np.uint8) if main else np.zeros_like(near)
        height, width = mask.shape
        np.multiply(mask, coarse.enlarged(self.person, width, height), out=mask)

    def _find_main(
        self, labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], count: int
    ) -> int:
        """The label of the person, 0 where there is none."""
        touched = np.bincount(labels[self._main > 0], minlength=count)
        size = labels.size
        candidates = [
            part
            for part in range(1, count)
            if stats[part, cv2.CC_STAT_AREA] > _LARGE * size
            or (
                stats[part, cv2.CC_STAT_AREA] > _PERSON * size
                and (touched[part] or _touches_border(stats[part]))
            )
        ]
        return max(candidates, key=lambda part: int(stats[part, cv2.CC_STAT_AREA]), default=0)


def _touches_border(stats: npt.NDArray[np.int32]) -> bool:
    left, top, width, height = stats[:4]
    return bool(
        left == 0 or top == 0 or left + width == coarse.SIZE[0] or top + height == coarse.SIZE[1]
    )


def _is_beside(stats: npt.NDArray[np.int32], main: npt.NDArray[np.int32]) -> bool:
    """Whether a part is to the left or to the right of all of the person."""
    left, right = stats[0], stats[0] + stats[2]
    return bool(right <= main[0] or left >= main[0] + main[2])
