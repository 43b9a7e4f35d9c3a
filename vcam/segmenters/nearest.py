"""Showing one of several people only."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.person_finder import SURE, Cells, find_persons
from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask, Plane
from vcam.segmenters.base import Segmenter
from vcam.segmenters.filtering import MaskFilter

_CENTRAL = 0.5
"""What somebody at the picture's edge counts for, of one as large in its middle."""
_CLEARLY = 1.3
"""How many times as much somebody else must count to be the nearest."""
_PATIENCE = 1.0
"""Seconds for which they must: one who walks past is not."""
_SAME = 0.2
"""Share of a person's cells that were theirs in the picture before."""


class NearestPerson(MaskFilter):
    """Leaves in a segmenter's masks the nearest person only.

    That is the largest and most central one. They remain it until somebody else clearly is for a
    while, or they have gone.

    Args:
        segmenter: Finds all people.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__(segmenter)
        self._nearest: Cells | None = None
        self._rival_since: float | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the segmenter is, and who is nearest is not open."""
        return super().is_settled and self._rival_since is None

    def reset(self) -> None:
        """Forget who was the nearest."""
        super().reset()
        self._nearest = self._rival_since = None

    def _kept(self, mask: Mask, pyramid: Pyramid, time: float) -> Plane | None:
        """Where the nearest person is, and all that is nearer to them than to others."""
        people = find_persons((mask[::2, ::2] > SURE).view(np.uint8))
        if not people:
            self._nearest = self._rival_since = None
            return None
        mine = people[self._which(people, time)]
        self._nearest = mine
        others = [one for one in people if one is not mine]
        if not others:
            return None
        near = _distance(mine) <= _distance(np.logical_or.reduce(others))
        size = (mask.shape[1], mask.shape[0])
        resized = cv2.resize(near.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        return np.asarray(resized, np.uint8)

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


def _weight(person: Cells) -> float:
    """How much somebody counts: by their size, and less beside the picture's middle."""
    columns = person.sum(0)
    area = int(columns.sum())
    middle = float(columns @ np.arange(columns.size)) / max(1, area) / columns.size
    return float(area * (1 - 2 * (1 - _CENTRAL) * abs(middle - 0.5)))


def _distance(person: Cells) -> npt.NDArray[np.float32]:
    """Of each cell from somebody, in cells."""
    return np.asarray(cv2.distanceTransform((~person).view(np.uint8), cv2.DIST_L2, 3))
