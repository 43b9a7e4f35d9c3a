"""OpenCV's MOG2: learn the empty room, then take what differs from it for the person.

Zivkovic, "Improved adaptive Gaussian mixture model for background subtraction", ICPR 2004.
https://docs.opencv.org/4.x/d7/d7b/classcv_1_1BackgroundSubtractorMOG2.html
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from vcam.errors import SegmenterError
from vcam.images.pyramid import Pyramid
from vcam.images.timing import FRAME, Schedule, Steps, left
from vcam.images.types import Image, Mask, Plane
from vcam.segmenters import coarse
from vcam.segmenters.cleanup import Cleanup
from vcam.segmenters.empty_room import STEP_OUT, Watch
from vcam.segmenters.exposure import Gains, find_gains, find_relit, relight, undo
from vcam.segmenters.parts import Parts

_SHADOW = 127
_LEAST_VARIANCE = 7.0
"""Of a pixel, in squared levels: soft shadows and compression are more than the camera's noise."""

MOST_PERSON = 0.9
"""Nobody fills more of the picture. Where more of it differs, it is the room that has changed,
and all of that would be shown as if it were a person."""

_CELLS = (16, 9)
_EDGE = 24
"""Difference of neighbouring pixels, in levels, from which there is an edge."""
_EDGES = 0.02
"""Share of a cell's pixels on edges from which it says whether the camera has moved."""
_EDGES_GONE = 0.35
_CELLS_GONE = 0.8
_UPDATE_EVERY = 1 / 3
"""Seconds between two updates of a room that is known: it changes slowly."""
_LOOK_AT_ROOM = 10 / 3
"""Seconds between two looks at what has been learnt by that."""
_THING_RATE = 0.2

ANOTHER_ROOM = (
    "nothing looks like the room that was learnt: step out of the picture and type vcam relearn"
)
OTHER_LIGHT = (
    "the light has changed in a part of the room: step out of the picture and type vcam relearn"
)
_RELIT = 0.03
"""Share of the picture, taken for a person, that is the room in another light."""
_GROWS = 0.01
"""Share of the picture by which what is shown may grow until that is looked for."""
_LOOK_EVERY = 1 / 3
"""Seconds after which it is looked for anyway."""


class Mog2Segmenter:
    """Background subtraction at a reduced size; implements `Segmenter`.

    It gives None until it has seen a room in which nobody is for `learn_seconds`, after every
    `reset` and change of the picture's size, and while the whole room differs or a part of it is
    in another light.

    Args:
        history_seconds: What the model remembers.
        var_threshold: Squared distance, in variances, from which a pixel is different.
        detect_shadows: Look for shadows.
        shadow_threshold: How dark a shadow may be: its brightness over the room's, 0..1.
        shadows_are_person: Count a shadow as the person.
        learn_seconds: Of empty room to learn at first, without a break.
        learn_rate: Least learning rate in that time, in 1/30 s, 0..1.
        after_learning: What is learnt later: "around-person", "frozen" (nothing) or "automatic"
            (all of the picture, as much of it a second as `history_seconds` say).
        absorb_seconds: After how long a thing that was moved counts as room; 0 for never.
        person_check: Ask MediaPipe's network, if there, whether the room is empty.
        working_width: Width of the reduced picture, in pixels.
        cleanup: What is done to the raw mask.

    Attributes:
        notice: What the user should know or do now.
    """

    def __init__(
        self,
        history_seconds: float = 16.7,
        var_threshold: float = 12.0,
        detect_shadows: bool = True,
        shadow_threshold: float = 0.7,
        shadows_are_person: bool = False,
        learn_seconds: float = 1.0,
        learn_rate: float = 0.05,
        after_learning: Literal["around-person", "frozen", "automatic"] = "around-person",
        absorb_seconds: float = 10.0,
        person_check: bool = True,
        working_width: int = 256,
        cleanup: Cleanup | None = None,
    ) -> None:
        self._history, self._threshold = history_seconds, var_threshold
        self._shadows, self._shadow_threshold = detect_shadows, shadow_threshold
        self._least = _SHADOW if shadows_are_person else _SHADOW + 1
        self._learn_seconds, self._learn_rate = learn_seconds, learn_rate
        self._after_learning = after_learning
        self._patience = absorb_seconds or float("inf")
        self._width = working_width
        self._cleanup = cleanup or Cleanup()
        self._size = (0, 0)
        self._seen, self._checked = 0.0, 0
        self._steps = Steps()
        self._gains: Gains = np.ones(3, np.float32)
        self._watch = Watch(person_check)
        self.reset()

    @property
    def progress(self) -> float:
        """How much of the empty room has been learnt, 0..1."""
        return 1.0 if self._is_learnt else self._seen / self._learn_seconds

    @property
    def _is_learnt(self) -> bool:
        return self._seen > 0 and self._seen + FRAME / 4 >= self._learn_seconds  # clocks tremble

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """Learn from the picture, or find what differs in it.

        Raises:
            SegmenterError: It failed.
        """
        small, step = self._shrink(pyramid), self._steps.take(time)
        try:
            if not self._is_learnt:
                self._learn(small, step)
                return None
            return self._compare(small, time, step)
        except cv2.error as error:
            raise SegmenterError(f"MOG2 failed on a frame ({error.err})") from error

    # -- the empty room ----------------------------------------------------------------------

    def _learn(self, small: Image, step: float) -> None:
        """Take one more picture of the empty room; begin anew if it is not."""
        obstacle = self._watch.obstacle(small)
        if obstacle:
            self._forget()
            self.notice, self._quiet_at = obstacle, self._learn_seconds / 2
        elif self._seen >= self._quiet_at:
            self.notice = STEP_OUT
        rough = coarse.shrunk(small)
        if self._seen == 0:
            self._coarse_room = rough
        gains = find_gains(rough, self._coarse_room, self._parts.person, self._gains)
        mean = step / (self._seen + step) if self._seen else 1.0
        rate = max(1 - left(1 - self._learn_rate, step), mean)
        self._model.apply(relight(small, np.float32(1) / gains), learningRate=rate)
        if not obstacle:
            self._seen += step
        if self._is_learnt:
            self.notice = ""
            self._watch.close()
            self._look_at_room()

    def _look_at_room(self) -> None:
        """Refresh what is derived from the model."""
        self._room = np.asarray(self._model.getBackgroundImage(), np.uint8)
        self._coarse_room = coarse.shrunk(self._room)
        gray = cv2.cvtColor(self._room, cv2.COLOR_BGR2GRAY)
        edges = cv2.morphologyEx(gray, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > _EDGE
        self._edges = np.where(edges, np.uint8(255), np.uint8(0))
        self._edges_in_cell = _cells(self._edges)

    # -- the person --------------------------------------------------------------------------

    def _compare(self, small: Image, time: float, step: float) -> Mask | None:
        """What differs from the room and belongs to a person."""
        rough = coarse.shrunk(small)
        self._gains = find_gains(rough, self._coarse_room, self._parts.person, self._gains)
        lit = undo(small, self._room, self._gains)
        automatic = self._after_learning == "automatic"
        raw = self._model.apply(lit, learningRate=self._share_of(step) if automatic else 0)
        mask = np.where(raw >= self._least, np.uint8(255), np.uint8(0))
        if self._is_relit(lit, mask, time):
            self.notice = OTHER_LIGHT
            return None
        if self._is_another_room(mask):
            self.notice = ANOTHER_ROOM
            return None
        self.notice = ""
        self._cleanup.apply(mask)
        rough = undo(rough, self._coarse_room, self._gains)
        self._parts.keep(mask, rough, self._coarse_room, time)
        if self._after_learning == "around-person" and self._updates.is_due(time):
            self._update(lit, time)
        soft = cv2.GaussianBlur(mask, (5, 5), 0)  # gives the matte a slope to work with
        return np.multiply(soft, np.float32(1 / 255), dtype=np.float32)

    def _is_another_room(self, mask: Plane) -> bool:
        """Whether the camera was moved, or the room changed as a whole.

        A person leaves some of the room's edges where they were; a nudge leaves hardly any.
        """
        if cv2.countNonZero(mask) > MOST_PERSON * mask.size:
            return True
        telling = self._edges_in_cell > _EDGES * 255
        if np.count_nonzero(telling) < telling.size / 4:
            return False
        gone = _cells(cv2.bitwise_and(mask, self._edges)) > _EDGES_GONE * self._edges_in_cell
        return bool(np.count_nonzero(gone & telling) > _CELLS_GONE * np.count_nonzero(telling))

    def _is_relit(self, lit: Image, mask: Plane, time: float) -> bool:
        """Whether the light of a part of the room has changed: that would be shown as a person."""
        differs = cv2.countNonZero(mask)
        grows = differs >= self._checked + _GROWS * mask.size
        if not self._looks.is_due(time) and not grows:
            return False
        relit = cv2.countNonZero(find_relit(lit, self._room) & mask) > _RELIT * mask.size
        self._checked = 0 if relit else differs
        return relit

    def _update(self, lit: Image, time: float) -> None:
        """Learn what changes slowly where nobody is, and things that were moved."""
        person = coarse.enlarged(cv2.dilate(self._parts.person, coarse.disc(1)), *self._size)
        rate = self._share_of(_UPDATE_EVERY)
        self._model.apply(lit, knownForegroundMask=person * np.uint8(255), learningRate=rate)
        if self._parts.things.any():
            things = coarse.enlarged(self._parts.things, *self._size)
            others = (1 - things) * np.uint8(255)
            self._model.apply(lit, knownForegroundMask=others, learningRate=_THING_RATE)
        if self._looks_at_room.is_due(time):
            self._look_at_room()

    def _share_of(self, seconds: float) -> float:
        """What so long a time is of all that is remembered: a learning rate."""
        return min(1.0, seconds / self._history)

    # -- the rest ----------------------------------------------------------------------------

    def _shrink(self, pyramid: Pyramid) -> Image:
        height, width = pyramid.image.shape[:2]
        scale = min(1.0, self._width / width)
        size = (round(width * scale), max(1, round(height * scale)))
        if size != self._size:
            self._size = size
            self.reset()
        return pyramid.at(*size)

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Nothing to learn: the room is known, and it has not changed."""

    def reset(self) -> None:
        """Forget the room and learn it again."""
        self._forget()
        self._watch.begin()
        self._quiet_at = 0
        self.notice = STEP_OUT

    def _forget(self) -> None:
        self._model = cv2.createBackgroundSubtractorMOG2(
            max(1, round(self._history / FRAME)), self._threshold, self._shadows
        )
        self._model.setShadowThreshold(self._shadow_threshold)
        self._model.setVarMin(_LEAST_VARIANCE)
        self._parts = Parts(self._patience)
        self._gains = np.ones(3, np.float32)
        self._updates, self._looks = Schedule(_UPDATE_EVERY), Schedule(_LOOK_EVERY)
        self._looks_at_room = Schedule(_LOOK_AT_ROOM)
        self._seen, self._checked = 0.0, 0

    def close(self) -> None:
        """Free the network, where the empty room was being checked."""
        self._watch.close()


def _cells(plane: coarse.AnyArray) -> Plane:
    """Means over the cells of a coarse grid."""
    return np.asarray(cv2.resize(plane, _CELLS, interpolation=cv2.INTER_AREA), np.uint8)
