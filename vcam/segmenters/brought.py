"""Things that people bring into the picture: a book, a phone, a sheet of paper."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.timing import Schedule, Steps, left
from vcam.images.types import Image, Mask, Plane
from vcam.segmenters import coarse
from vcam.segmenters.arrivals import Arrivals, Scene
from vcam.segmenters.cleanup import fill_holes
from vcam.segmenters.exposure import find_shadows, recognise
from vcam.segmenters.recent_room import RecentRoom

_SURE, _LIKELY, _BODY = 215, 0.25, 0.5
_TOO_MUCH = 0.25
"""Share of what is known: if more is new and nobody's, the camera was moved, or the light."""
_BRIGHTEST = 1.15
"""Brightness over the room's, of what may be the room in another light: a sheet is brighter."""
_LOOK_EVERY = 1 / 15
"""Seconds between two looks for things: a hand is not quicker, and a look costs as much as a tenth
of a frame."""
_LEFT = 0.5
"""Share of what was shown before that is left after 1/30 s: nothing flashes up."""
_NEXT, _CLOSE = np.ones((3, 3), np.uint8), np.ones((5, 5), np.uint8)
_SEAM = np.ones((9, 9), np.uint8)
"""Pixels between a person and what they hold, in which the room was never seen."""
_NOTHING: Plane = np.zeros(coarse.SHAPE, np.uint8)


class BroughtThings:
    """Finds what people hold, from picture to picture.

    That is what came into the picture while somebody was there: it differs from what was in its
    place before, hangs together with a person, came from them or over the picture's border and
    not all at once, is smaller than they are, has other colours than the room round it, and does
    not lie still. Where any of that is not certain it is not shown.

    Args:
        width: Of the grid, pixels.
        height: Of the grid, pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._room = RecentRoom(width, height)
        self._arrivals = Arrivals()
        self._shown: Mask = np.zeros((height, width), np.float32)
        self._looks = Schedule(_LOOK_EVERY)
        self._steps, self._between_looks = Steps(), Steps()

    @property
    def things(self) -> Plane:
        """Where they are: uint8 (36, 64), 1 there."""
        return self._arrivals.things

    @property
    def any(self) -> bool:
        """Whether there are things, or have just been."""
        return bool(self.things.any() or self._shown.any())

    def find(self, picture: Image, rough: Image, mask: Mask, time: float) -> Mask | None:
        """What belongs to people beside `mask`.

        Args:
            picture: uint8 (h, w, 3), BGR.
            rough: The same on the coarse grid.
            mask: float32 (h, w) in 0..1.
            time: Seconds.

        Returns:
            float32 (h, w) in 0..1; None where there is nothing.
        """
        step = self._steps.take(time)
        looks = self._looks.is_due(time)
        if not looks and not self.any:
            return None
        smooth = np.asarray(cv2.blur(picture, (3, 3)), np.uint8)
        if looks:
            self._look(smooth, rough, mask, time)
        return self._drawn(smooth, mask, step)

    def _look(self, smooth: Image, rough: Image, mask: Mask, time: float) -> None:
        """Find the things anew, and go on learning the room."""
        step = self._between_looks.take(time)
        likely = (mask > _LIKELY).view(np.uint8)
        taken = coarse.share(likely, 0.02) | self.things
        cells = self._room.news(smooth, rough, taken, time)
        lying = _NOTHING
        if cells.any() or self.any:
            level = coarse.shrunk(cv2.convertScaleAbs(mask, alpha=255))
            sure = (level > _SURE).view(np.uint8)
            lying = self._judge(cells & (1 - sure), rough, sure, taken, time, step)
        else:
            self._arrivals.wait(rough, time)
        if self._room.is_due(time):
            self._learn(smooth, likely, lying, time)

    def _judge(
        self, cells: Plane, rough: Image, sure: Plane, taken: Plane, time: float, step: float
    ) -> Plane:
        """Find things in the cells that look otherwise; returns where such lie still now."""
        before, known = self._room.rough, self._room.rough_known
        news = cells
        if cells.any():
            news = cells & (
                1 - (find_shadows(rough, before, _BRIGHTEST) | recognise(rough, before))
            )
        lying = self._arrivals.judge(cells, news, Scene(rough, before, known, sure, time, step))
        free = known & (1 - taken)
        strange = int(np.count_nonzero(free & news & (1 - self.things)))
        if strange > _TOO_MUCH * int(np.count_nonzero(free)):
            self._room.forget()
            self._arrivals = Arrivals()
            return _NOTHING
        return lying

    def _learn(self, smooth: Image, likely: Plane, lying: Plane, time: float) -> None:
        things = np.asarray(cv2.dilate(self.things | self._arrivals.coming, _NEXT), np.uint8)
        taken = np.asarray(cv2.dilate(likely, _CLOSE), np.uint8)
        taken |= coarse.enlarged(things, *self._size)
        if lying.any():
            free = coarse.enlarged(lying, *self._size) & (1 - taken)
            self._room.accept(smooth, free * np.uint8(255))
        self._room.learn(smooth, taken, self.things, time)

    def _drawn(self, smooth: Image, mask: Mask, step: float) -> Mask | None:
        """The things, with sharp edges, that fade in."""
        if not self.any:
            return None
        now = self._outlined(smooth, mask) if self.things.any() else np.zeros(mask.shape, np.uint8)
        cv2.accumulateWeighted(now, self._shown, 1 - left(_LEFT, step))
        self._shown[self._shown < 0.05] = 0
        soft = cv2.blur(self._shown, (3, 3))
        return np.asarray(np.clip(soft * 2 - 1, 0, 1), np.float32)

    def _outlined(self, smooth: Image, mask: Mask) -> Plane:
        """The things at the mask's size, without holes and up to the person: 1 there."""
        around = coarse.enlarged(np.asarray(cv2.dilate(self.things, _NEXT)), *self._size)
        inner = coarse.enlarged(np.asarray(cv2.erode(self.things, _NEXT)), *self._size)
        own = (self._room.differs(smooth) & around) | inner
        body = (mask > _BODY).view(np.uint8)
        seam = np.asarray(
            cv2.bitwise_and(cv2.dilate(own, _SEAM), cv2.dilate(body, _SEAM)), np.uint8
        )
        whole = (own | body | (seam & around & (1 - self._room.known))) * np.uint8(255)
        whole = np.asarray(cv2.morphologyEx(whole, cv2.MORPH_CLOSE, _CLOSE), np.uint8)
        fill_holes(whole, 0.5 * np.count_nonzero(around))
        return (whole > 0).view(np.uint8) & around
