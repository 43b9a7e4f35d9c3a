"""Showing one of several people only."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.people import SURE, Cells, find_persons
from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask, Plane
from vcam.segmenters.base import Segmenter, is_settled, notice

_CENTRAL = 0.5
"""What somebody at the picture's edge counts for, of one as large in its middle."""
_CLEARLY = 1.3
"""How many times as much somebody else must count to be the nearest."""
_PATIENCE = 1.0
"""Seconds for which they must: one who walks past is not."""
_SAME = 0.2
"""Share of a person's cells that were theirs in the picture before."""


class NearestPerson:
    """Leaves in a segmenter's masks the nearest person only; implements `Segmenter`.

    That is the largest and most central one. They remain it until somebody else clearly is for a
    while, or they have gone.

    Args:
        segmenter: Finds all people.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._found: Mask | None = None
        self._left: Mask = np.empty((0, 0), np.float32)
        self._nearest: Cells | None = None
        self._rival_since: float | None = None

    @property
    def progress(self) -> float:
        """That of the segmenter."""
        return self._segmenter.progress

    @property
    def is_settled(self) -> bool:
        """Whether the segmenter is, and who is nearest is not open."""
        return is_settled(self._segmenter) and self._rival_since is None

    @property
    def notice(self) -> str:
        """That of the segmenter."""
        return notice(self._segmenter)

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The segmenter's mask without all other people.

        Raises:
            SegmenterError: The segmenter failed.
        """
        found = self._segmenter.segment(pyramid, time)
        if found is None:
            self._found = self._nearest = None
            return None
        if found is not self._found or self._left.shape != found.shape:
            self._left = np.empty_like(found)  # the same array once more says: not looked anew
        self._found = found
        np.multiply(found, self._choose(found, time), out=self._left)
        return self._left

    def _choose(self, mask: Mask, time: float) -> Plane:
        """Where the nearest person is, and all that is nearer to them than to others."""
        people = find_persons((mask[::2, ::2] > SURE).view(np.uint8))
        if not people:
            self._nearest = self._rival_since = None
            return np.ones(mask.shape, np.uint8)
        mine = people[self._which(people, time)]
        self._nearest = mine
        others = [one for one in people if one is not mine]
        if not others:
            return np.ones(mask.shape, np.uint8)
        near = _distance(mine) <= _distance(np.logical_or.reduce(others))
        size = (mask.shape[1], mask.shape[0])
        return np.asarray(cv2.resize(near.view(np.uint8), size, interpolation=cv2.INTER_NEAREST))

    def _which(self, people: list[Cells], time: float) -> int:
        weights = [_weight(person) for person in people]
        best = int(np.argmax(weights))
        now = self._known(people)
        if now is None or now == best or weights[best] < _CLEARLY * weights[now]:
            self._rival_since = None
            return best if now is None else now
        if self._rival_since is None:
            self._rival_since = time
        if time - self._rival_since < _PATIENCE:
            return now
        self._rival_since = None
        return best

    def _known(self, people: list[Cells]) -> int | None:
        """Who of them was the nearest in the picture before."""
        before = self._nearest
        if before is None or before.shape != people[0].shape:
            return None
        shared = [int(np.count_nonzero(person & before)) for person in people]
        best = int(np.argmax(shared))
        return best if shared[best] > _SAME * np.count_nonzero(before) else None

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Pass it on."""
        self._segmenter.rest(pyramid, time)

    def reset(self) -> None:
        """Forget who was the nearest."""
        self._segmenter.reset()
        self._found = self._nearest = self._rival_since = None

    def close(self) -> None:
        """Free the segmenter."""
        self._segmenter.close()


def _weight(person: Cells) -> float:
    """How much somebody counts: by their size, and less beside the picture's middle."""
    columns = person.sum(0)
    area = int(columns.sum())
    middle = float(columns @ np.arange(columns.size)) / max(1, area) / columns.size
    return float(area * (1 - 2 * (1 - _CENTRAL) * abs(middle - 0.5)))


def _distance(person: Cells) -> npt.NDArray[np.float32]:
    """Of each cell from somebody, in cells."""
    return np.asarray(cv2.distanceTransform((~person).view(np.uint8), cv2.DIST_L2, 3))
