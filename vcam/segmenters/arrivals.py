"""What comes into the picture bit by bit, from a person or over its border, and who has it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Image, Plane
from vcam.segmenters import coarse

_PERSON = 0.02
"""Share of the picture that the network must be sure of."""
_NEXT, _NEAR = np.ones((3, 3), np.uint8), coarse.disc(2)
_AREA, _HEIGHT = 0.35, 0.75
"""Shares of a person's area and height that a thing has at most."""
_SMALLEST = 4
"""Cells that it has at least."""
_BORDER: Plane = np.zeros(coarse.SHAPE, np.uint8)
_BORDER[-1] = 1
_BORDER[coarse.SIZE[1] // 3 :, [0, -1]] = 1
_STRIDE = 2.5
"""Cells that a thing moves in 1/30 s."""
_CAME = 0.5
"""Share of it that is as near as that to where it, a person or the picture's border was before."""
_AT_ONCE, _BURST = 0.05, 0.6
"""Seconds within which so large a share of it was not there yet: what a lamp lights up and what a
screen shows is there all at once."""
_SOON, _LATE = 0.3, 1.0
"""Seconds after which it has not come bit by bit, and after which it is nobody's."""
_KNOWN, _REMEMBERED = 0.5, 0.5
"""Share of it that was a thing so many seconds ago."""
_REFUSED = 2.0
"""Seconds for which what was refused is remembered."""
_PATIENCE, _STILL = 3.0, 0.8
"""Seconds for which so large a share of its outline has not moved: it lies on the table."""
_ALIKE, _ROUND, _OF_ROOM = 14, coarse.disc(6), 0.5
"""Levels within which a cell has a colour that the room has round it, and the share of cells."""
_MOSTLY = 0.45
"""Share of what looks otherwise in one place that must not be explained by another light."""
_UNREST = 0.25
"""Of the things' size: if more than that is refused, a door opens, or a screen changes."""

_Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scene:
    """What arrivals are judged by.

    Attributes:
        picture: uint8 (36, 64, 3), BGR.
        room: The same as it was before.
        known: uint8 (36, 64), 1 where that is known.
        sure: uint8 (36, 64), 1 where somebody is.
        time: Seconds.
        step: Seconds since the picture before.
    """

    picture: Image
    room: Image
    known: Plane
    sure: Plane
    time: float
    step: float


class Arrivals:
    """Finds the things that people have brought, from picture to picture.

    Attributes:
        things: uint8 (36, 64), 1 where they are.
        coming: The same of all that came bit by bit, also if it is nobody's.
    """

    def __init__(self) -> None:
        self.things: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self.coming: Plane = np.zeros(coarse.SHAPE, np.uint8)
        self._stillness = coarse.Stillness(_PATIENCE)
        self._since = np.full(coarse.SHAPE, np.inf)
        self._seen_at = np.full(coarse.SHAPE, -np.inf)
        self._refused_at = np.full(coarse.SHAPE, -np.inf)

    def wait(self, picture: Image, time: float) -> None:
        """Nothing looks otherwise in the picture on the coarse grid, at that time in seconds."""
        self._stillness.look(picture, time)
        self._since[:] = np.inf

    def judge(self, cells: Plane, news: Plane, scene: Scene) -> Plane:
        """Find the things.

        Args:
            cells: uint8 (36, 64), 1 where the picture looks otherwise than before, beside people.
            news: Those of the cells where not only the light is another.
            scene: What they are judged by.

        Returns:
            uint8 (36, 64), 1 where there is something that lies still now.
        """
        still = self._stillness.look(scene.picture, scene.time)
        self._since[cells == 0] = np.inf
        np.minimum(self._since, scene.time, out=self._since, where=cells > 0)
        things, coming, lying, refused = (np.zeros(coarse.SHAPE, np.bool_) for _ in range(4))
        for where, fits in self._parts(news, scene.sure):
            known = (scene.time - self._seen_at[where] < _REMEMBERED).mean() > _KNOWN
            if self._is_lying(where, still, scene):
                lying |= where
            elif not fits or not (known or self._comes(where, scene)):
                refused |= where
            else:
                coming |= where
                if self._is_somebodys(where, known, scene):
                    things |= where
        _drop_doubtful(things, coming, refused, cells)
        self._remember(things, coming, refused, cells, scene.time)
        return lying.view(np.uint8)

    @staticmethod
    def _parts(news: Plane, sure: Plane) -> list[tuple[_Cells, bool]]:
        """The parts of `news` that are thick enough, and whether a person can hold each."""
        cores = cv2.morphologyEx(news, cv2.MORPH_OPEN, _NEXT)
        if np.count_nonzero(sure) < _PERSON * news.size or not cores.any():
            return []
        thick = news & np.asarray(cv2.dilate(cores, _NEXT), np.uint8)
        count, labels, found, _ = cv2.connectedComponentsWithStats(thick)
        stats = np.asarray(found, np.int32)
        return [(labels == part, _fits(stats[part], sure)) for part in range(1, count)]

    def _comes(self, where: _Cells, scene: Scene) -> bool:
        """Whether a part is just coming in, and not there for a while, unnoticed or at once."""
        claimed = self.coming | scene.sure | _BORDER
        claimed = np.asarray(cv2.dilate(claimed, coarse.stride(_STRIDE, scene.step)), np.uint8)
        refused = scene.time - self._refused_at[where] < _REFUSED
        if claimed[where].mean() < _CAME or refused.mean() >= _KNOWN:
            return False
        age = scene.time - float(np.median(self._since[where]))
        return age < (_LATE if self._came_bit_by_bit(where) else _SOON)

    def _came_bit_by_bit(self, where: _Cells) -> bool:
        times = np.sort(self._since[where])
        most = np.searchsorted(times, times + _AT_ONCE) - np.arange(len(times))
        return bool(most.max() <= _BURST * len(times))

    def _is_somebodys(self, where: _Cells, known: bool, scene: Scene) -> bool:
        """Whether a part hangs together with a person, and is no piece of the room that moves."""
        body = cv2.dilate(scene.sure, _NEAR, iterations=2 if known else 1)
        if not body[where].any():
            return False
        return known or (self._came_bit_by_bit(where) and not _is_of_the_room(where, scene))

    def _is_lying(self, where: _Cells, still: _Cells, scene: Scene) -> bool:
        """Whether the outline of a part, away from people, has not moved for a while."""
        edge = where & (np.asarray(cv2.erode(where.view(np.uint8), _NEXT)) == 0)
        free = edge & (np.asarray(cv2.dilate(scene.sure, _NEAR)) == 0)
        rests = still & (scene.time - self._since > _PATIENCE)
        return bool(rests[free if free.any() else edge].mean() >= _STILL)

    def _remember(
        self, things: _Cells, coming: _Cells, refused: _Cells, cells: Plane, time: float
    ) -> None:
        whole = things.view(np.uint8)
        closed = np.asarray(cv2.morphologyEx(whole, cv2.MORPH_CLOSE, _NEAR), np.uint8)
        whole = whole | (closed & cells)
        self.things, self.coming = whole, coming.view(np.uint8)
        self._seen_at[whole > 0] = time
        self._refused_at[np.asarray(cv2.dilate(refused.view(np.uint8), _NEXT)) > 0] = time


def _fits(stats: npt.NDArray[np.int32], sure: Plane) -> bool:
    """Whether a person can hold a part: smaller than they are, and not cut by the upper border."""
    area, height = int(stats[cv2.CC_STAT_AREA]), int(stats[cv2.CC_STAT_HEIGHT])
    rows = np.flatnonzero(sure.any(1))
    most = _AREA * int(np.count_nonzero(sure))
    is_low = height <= _HEIGHT * int(rows[-1] - rows[0] + 1) and int(stats[cv2.CC_STAT_TOP]) > 0
    return is_low and _SMALLEST <= area <= most


def _is_of_the_room(where: _Cells, scene: Scene) -> bool:
    """Whether a part has the colours of what was round it: a door, a curtain, a chair."""
    around = np.asarray(cv2.dilate(where.view(np.uint8), _ROUND), np.uint8) & scene.known
    own, room = (x.astype(np.int16) for x in (scene.picture[where], scene.room[around > 0]))
    if not len(room):
        return True
    apart = np.abs(own[:, None] - room[None]).max(2).min(1)
    return bool((apart <= _ALIKE).mean() > _OF_ROOM)


def _drop_doubtful(things: _Cells, coming: _Cells, refused: _Cells, cells: Plane) -> None:
    """Refuse, in place, what hangs together with what is refused or with much that is only lit."""
    count, found = cv2.connectedComponents(cells)
    labels = np.asarray(found, np.int32)
    own = np.bincount(labels[things], minlength=count)
    drops = (own < _MOSTLY * np.bincount(labels.ravel(), minlength=count)) & (own > 0)
    drops[labels[refused]] = True
    drops[0] = False
    dropped = drops[labels]
    refused |= dropped & (coming | things)
    coming &= ~dropped
    things &= ~dropped
    if np.count_nonzero(refused) > _UNREST * np.count_nonzero(things):
        things[:] = False
