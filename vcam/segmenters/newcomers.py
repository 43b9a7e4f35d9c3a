"""People whom only one network sees in the whole picture, or only as a part of somebody."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.person_finder import BoundingBox, tell_apart
from vcam.images.pyramid import Pyramid
from vcam.images.region import Region
from vcam.images.types import Mask
from vcam.segmenters.engines import Engine
from vcam.segmenters.looking import look

_SEEN, _UNSEEN = 0.6, 0.3
_SMALLEST = 0.003
"""Share of the picture: a head."""
_SPECKS = np.ones((5, 5), np.uint8)
_MARGINS = (0.5, 1.0)
"""Of the width and height: how much round it is looked at, one after the other. Whatever fills a
closer look is a person to the networks, and in a wider one a person is nothing special."""
_SURE = 0.8
"""Mean mask value that all looks must reach."""
_SAME = 0.5
"""Intersection over union from which it is what was refused before."""
_REFUSED = 3.0
"""Seconds for which what was refused is not looked at again."""
_HALVES = (Region(0, 0, 0.56, 1), Region(0.44, 0, 1, 1))
"""Parts of the picture in which small people are large enough to be seen."""
_PATROL = 1.5
"""Seconds between two looks at such a part."""


@dataclass
class Candidate:
    """A part of the picture that may be of somebody.

    Attributes:
        where: bool (h, w).
        region: Its bounding box.
        looks: Still to be made: network and region.
        seen: What all have seen so far: float32 (h, w) in 0..1, None before the first.
    """

    where: npt.NDArray[np.bool_]
    region: Region
    looks: list[tuple[Engine, Region]]
    seen: Mask | None = None

    def take(self, mask: Mask) -> bool:
        """Take one more look's mask; False where that is not sure of it."""
        self.seen = mask if self.seen is None else np.minimum(self.seen, mask)
        return bool(mask[self.where].mean() > _SURE)


class Newcomers:
    """Looks at them closely, with both networks and at two scales, one look in a frame.

    A piece of a room that one network takes for a person mostly is none to the other, or in
    another surrounding; people are people to both.

    Args:
        engines: Both networks.
    """

    def __init__(self, *engines: Engine) -> None:
        self._engines = engines
        self._candidates: list[Candidate] = []
        self._refused: list[tuple[Region, float]] = []
        self._patrol_at = -np.inf
        self._halves = 0
        self._half: Mask | None = None

    def patrol(self, pyramid: Pyramid, shown: Mask, time: float) -> None:
        """Look for them in one half of the picture after the other, one look in a frame.

        Args:
            pyramid: The picture.
            shown: What is shown already: float32 (h, w) in 0..1.
            time: Seconds.

        Raises:
            SegmenterError: A network failed.
        """
        region = _HALVES[self._halves % len(_HALVES)]
        one, self._half = self._half, None
        if one is not None and one.shape == shown.shape:
            self.suspect(one, look(self._engines[1], pyramid, region), shown, time)
            self._halves += 1
        elif time >= self._patrol_at:
            self._half = look(self._engines[0], pyramid, region)
            self._patrol_at = time + (_PATROL if self._halves else 0)

    def suspect(self, one: Mask, other: Mask, shown: Mask, time: float) -> None:
        """Look for them in both networks' masks of the whole picture.

        Args:
            one: float32 (h, w) in 0..1.
            other: The same.
            shown: What is shown already, of the same size.
            time: Seconds.
        """
        self._refused = [entry for entry in self._refused if time - entry[1] < _REFUSED]
        missing = ((np.maximum(one, other) > _SEEN) & (shown < _UNSEEN)).view(np.uint8)
        missing = np.asarray(cv2.morphologyEx(missing, cv2.MORPH_OPEN, _SPECKS), np.uint8)
        count, labels = cv2.connectedComponents(missing)
        self._candidates = []
        for part in range(1, count):
            where = labels == part
            if np.count_nonzero(where) >= _SMALLEST * where.size:
                for box in tell_apart(where.view(np.uint8)):
                    self._add(where, box)

    def _add(self, where: npt.NDArray[np.bool_], box: BoundingBox) -> None:
        """Have `box` of a part looked at, if it was not refused before."""
        (height, width), (x, y, w, h) = where.shape, box
        region = Region(x / width, y / height, (x + w) / width, (y + h) / height)
        if any(region.shares(refused) > _SAME for refused, _ in self._refused):
            return
        inside = np.zeros_like(where)
        inside[y : y + h, x : x + w] = where[y : y + h, x : x + w]
        looks = [(engine, region.widened(m)) for m in _MARGINS for engine in self._engines]
        self._candidates.append(Candidate(inside, region, looks))

    @property
    def at_work(self) -> bool:
        """Whether there is more to look at now, however still the picture is."""
        return bool(self._candidates) or self._half is not None or self._halves < len(_HALVES)

    def lateness(self, time: float) -> float:
        """How urgently there is something to look at: from 1 on there is."""
        if self._candidates or self._half is not None or self._halves < len(_HALVES):
            return 2.0
        return (time - self._patrol_at) / _PATROL + 1

    @property
    def any(self) -> bool:
        """Whether there is anybody left to look at."""
        return bool(self._candidates)

    def look(self, pyramid: Pyramid, time: float) -> Candidate | None:
        """Have one look.

        Returns:
            Somebody, if that was the last look at them and all were sure.

        Raises:
            SegmenterError: A network failed.
        """
        candidate = self._candidates[0]
        if candidate.where.shape != pyramid.small.shape[:2]:
            self._candidates = []
            return None
        engine, region = candidate.looks.pop(0)
        if not candidate.take(look(engine, pyramid, region)):
            self._refused.append((candidate.region, time))
            self._candidates.pop(0)
            return None
        if candidate.looks:
            return None
        self._candidates.pop(0)
        return candidate
