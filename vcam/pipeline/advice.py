"""What makes a matte hard to draw, as seen in the picture, and what the user can do about it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.pyramid import Pyramid
from vcam.images.timing import Schedule
from vcam.images.types import Mask, Plane

_Cells = npt.NDArray[np.bool_]

_LOOK_EVERY = 1.0
"""Seconds."""
_PATIENCE = 5
"""Looks in a row that must find the same: a hand before the lens is nobody's trouble."""
_SIZE = (160, 90)

_ROOM, _PERSON = 0.05, 0.9
"""Mask values up to which a cell is surely room, and from which it is surely the person."""
_UNIFORM = 5.0
"""Standard deviation of the luma, in levels, below which nothing is to be seen at all."""
_DARK = 65.0
"""95th percentile of the luma. A dim room that is still well cut out has 90 to 115."""
_BRIGHT_ROOM, _AGAINST_LIGHT = 200.0, 0.3
"""90th percentile of the room's luma, and the head's median over it. Lit from the front the head
has .45 to .9, in a dark suit too: the suit does not count."""
_HEAD = 0.35
"""Share of the person's height that counts as their head."""
_AT_TOP, _AT_BOTTOM, _LEAST_PERSON = 0.05, 0.3, 0.1
"""Share of the upper border that the person covers, how much of that they cover of the lower one at
most, and their share of the picture, where the camera hangs upside down."""
_ALIKE_LEVELS, _ALIKE = 12, 0.35
"""Levels within which a pixel of the person's edge looks like the room beside it, and the share of
the edge from which that shows. A white coat before a white wall has .15 to .2, others up to .05."""
_UNSURE = 0.4
"""Cells between room and person over those of the person: usually .05 to .15."""
_RING = np.ones((7, 7), np.uint8)
_BESIDE = (15, 15)


@dataclass(frozen=True)
class Advice:
    """Something the user can do.

    Attributes:
        text: What was seen and what helps, one sentence.
        command: What to type, where that is all.
    """

    text: str
    command: str = ""


COVERED = Advice("the camera sees one colour only: open its shutter, or take away what covers it")
DARK = Advice(
    "the picture is dark: a lamp in front of you helps most; vcam can light you up a little",
    "vcam set finish.brighten=0.6",
)
AGAINST_LIGHT = Advice(
    "the light is behind you: turn round, close the curtain, or put a lamp in front of you"
)
UPSIDE_DOWN = Advice(
    "you come in from above: if the camera hangs upside down, turn its picture",
    "vcam set camera.rotate=180",
)
ALIKE = Advice(
    "you look like what is behind you there: clothes of another colour, or more distance to the "
    "wall, make your outline cleaner"
)
UNSURE = Advice(
    "it is hard to see where you end: more light in front of you helps, and a plainer room behind"
)


class Adviser:
    """Looks at a stream's pictures once a second; costs next to nothing."""

    def __init__(self) -> None:
        self._looks = Schedule(_LOOK_EVERY)
        self._found: Advice | None = None
        self._times = 0

    @property
    def advice(self) -> Advice | None:
        """What has been found in all looks of the last five seconds."""
        return self._found if self._times >= _PATIENCE else None

    def look(self, pyramid: Pyramid, mask: Mask, time: float) -> None:
        """Judge one picture, if it is time.

        Args:
            pyramid: The picture.
            mask: The person in it, float32 (h, w) in 0..1, of any size.
            time: Seconds.
        """
        if not self._looks.is_due(time):
            return
        found = judge(pyramid, mask)
        self._times = self._times + 1 if found == self._found else 1
        self._found = found


def judge(pyramid: Pyramid, mask: Mask) -> Advice | None:
    """What is wrong with one picture; the worst, where it is more."""
    gray = np.asarray(cv2.resize(pyramid.gray, _SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    if gray.std() < _UNIFORM:
        return COVERED
    if np.percentile(gray, 95) < _DARK:
        return DARK
    level = np.asarray(cv2.resize(mask, _SIZE, interpolation=cv2.INTER_AREA))
    person, room = level > _PERSON, level < _ROOM
    if person.mean() < _LEAST_PERSON:
        return None
    if _is_upside_down(person):
        return UPSIDE_DOWN
    if _is_against_light(gray, person, room):
        return AGAINST_LIGHT
    if np.count_nonzero(~person & ~room) > _UNSURE * np.count_nonzero(person):
        return UNSURE
    return ALIKE if _alike(pyramid, person, room) > _ALIKE else None


def _is_upside_down(person: _Cells) -> bool:
    top, bottom = person[0].mean(), person[-1].mean()
    return bool(top > _AT_TOP and bottom < _AT_BOTTOM * top)


def _is_against_light(gray: Plane, person: _Cells, room: _Cells) -> bool:
    rows = np.flatnonzero(person.any(1))
    head = person.copy()
    head[rows[0] + max(1, round(_HEAD * rows.size)) :] = False
    if not head.any() or not room.any():
        return False
    bright = np.percentile(gray[room], 90)
    return bool(bright > _BRIGHT_ROOM and np.median(gray[head]) < _AGAINST_LIGHT * bright)


def _alike(pyramid: Pyramid, person: _Cells, room: _Cells) -> float:
    """Share of the person's edge that looks like the room just beside it."""
    small = cv2.resize(pyramid.small, _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
    inner = person & (cv2.erode(person.view(np.uint8), _RING) == 0)
    outer = room & (cv2.dilate((~room).view(np.uint8), _RING) > 0)
    weight = np.asarray(cv2.blur(outer.astype(np.float32), _BESIDE))
    total = np.asarray(cv2.blur(small * outer[..., None], _BESIDE))
    known = inner & (weight > 0.05)
    if not known.any():
        return 0.0
    beside = total[known] / weight[known][:, None]
    return float((np.abs(beside - small[known]).max(1) < _ALIKE_LEVELS).mean())
