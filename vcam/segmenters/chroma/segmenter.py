"""The person before a green or blue sheet: the sheet's colour and a network together."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.person_finder import SMALLEST, SURE, Components
from vcam.images.pyramid import Pyramid
from vcam.images.resizing import shrink
from vcam.images.timing import Schedule
from vcam.images.types import Image, Mask, Plane
from vcam.segmenters.base import Segmenter, Spill
from vcam.segmenters.chroma.color import Rgb, SheetColor, find_color, hue_of
from vcam.segmenters.chroma.plate import SheetPlate
from vcam.segmenters.coarse import disc, enlarged

_Cells = npt.NDArray[np.bool_]

NO_SHEET = (
    "no green or blue sheet is seen: let it fill more of the picture, give it more light, or write "
    "its colour in segmentation.chroma.color"
)
_LOOK_EVERY = 1 / 2
"""Seconds between two looks for the sheet's colour, and of the network while all of the person is
before the sheet."""
_LEAST, _LEAST_KNOWN = 0.1, 0.02
"""Share of the picture that the sheet fills where it is looked for, and once it is known."""
_GONE = 0.1
"""Share of the picture that stops being sheet from one frame to the next when the light changes."""
_MOST_PERSON = 0.9
"""Nobody fills more of the picture."""
_DARKEST = 0.6
"""Luma over the sheet's there from which it may be sheet, in a fold or a shadow."""
_RIM = 2
"""Cells (of 160 along the picture) beside the sheet in which hair may still be before it."""
_REACH = 3
"""Cells by which the person may be wider there than the network says."""
_HELD = 6
"""Cells from the network's person from which nothing is theirs that covers the sheet's edge."""
_MOVES = 0.5
"""Sureness of motion from which something that stands before the sheet may be somebody."""
_CORE, _CORE_INSIDE = 0.9, 0.04
"""Mask value of what is the person whatever its colour, and so far (share of the width) inside:
the network's look is up to half a second old."""


class ChromaSegmenter:
    """Chroma key; implements `Segmenter`.

    Before the sheet its colour decides. The network says which parts are a person's at all, what
    lies well inside of them (a tie in the sheet's colour) and all that is beyond the sheet.
    Without a network all that is not sheet, between parts that are, is shown.

    Args:
        network: Finds people; None for the sheet alone.
        color: The sheet's, (red, green, blue); None to look for a green or blue one.
        tolerance: How far from its colour the sheet may be, 0 to 1.
        spill: How much of the sheet's light is taken out of the person's colours, 0 to 1.

    Attributes:
        notice: What the user should do now.
    """

    progress = 1.0

    def __init__(
        self,
        network: Segmenter | None,
        color: Rgb | None = None,
        tolerance: float = 0.5,
        spill: float = 0.8,
    ) -> None:
        self._network = network
        self._given = None if color is None else hue_of(color)
        self._tolerance, self._strength = tolerance, spill
        self._cells = (0, 0)
        self._color: SheetColor | None = None
        self._person: Mask | None = None
        self._filled = 0
        self._begin()

    @property
    def spill(self) -> Spill | None:
        """The sheet's colour, which shines on the person."""
        if self._color is None or not self._strength:
            return None
        return Spill(*self._color.chroma, self._strength)

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The mask, at the size of the pyramid's small picture.

        Raises:
            SegmenterError: The network failed.
        """
        height, width = (max(1, side // 2) for side in pyramid.small.shape[:2])
        if self._cells != (width, height):
            self._cells = (width, height)
            self._begin()
        looks = self._looks.is_due(time)
        if self._network is not None and (looks or self._asks or self._person is None):
            self._person = _asked(self._network, pyramid, time)
            if self._person is None:
                return None
        known = self._look(pyramid, looks)
        if known is None:
            self.notice = NO_SHEET
            return None if self._person is None else self._person.copy()
        self.notice = ""
        return self._key(pyramid, *known, time, looks)

    # -- the sheet -----------------------------------------------------------------------------

    def _look(self, pyramid: Pyramid, looks: bool) -> tuple[Plane, Plane] | None:
        """What surely is sheet, and what surely is none; None where no sheet is known."""
        small = pyramid.small
        if looks or self._color is None:
            self._find_color(small)
        if self._color is None:
            return None
        sheet, others = self._color.look(small)
        if cv2.countNonZero(sheet) < self._filled - _GONE * sheet.size:  # in another light?
            self._find_color(small)
            if self._color is None:
                return None
            sheet, others = self._color.look(small)
        self._filled = cv2.countNonZero(sheet)
        if cv2.countNonZero(others) > _MOST_PERSON * others.size:
            return None
        return sheet, others

    def _find_color(self, small: Image) -> None:
        """Look for the sheet's colour, where the person is not."""
        picture = shrink(small, *self._cells)
        near, least, where = self._given, _LEAST, None
        if self._color is not None:
            near, least = self._color.hue, _LEAST_KNOWN
        if self._person is not None:
            where = np.asarray(self._sure(self._person) ^ 1, np.uint8)
        found = find_color(picture, near, where, least)
        self._color = None if found is None else SheetColor.of(found, self._tolerance)

    # -- the person ----------------------------------------------------------------------------

    def _key(self, pyramid: Pyramid, sheet: Plane, others: Plane, time: float, looks: bool) -> Mask:
        others = np.asarray(cv2.medianBlur(others, 3), np.uint8)
        clean = np.asarray(cv2.erode(cv2.medianBlur(sheet, 5), disc(2)), np.uint8)
        seen = self._in_cells(clean) == 255
        beside = self._in_cells(np.asarray(cv2.dilate(others, disc(5)), np.uint8)) > 0
        self._plate.learn(shrink(pyramid.gray, *self._cells), seen & ~beside, time)
        height, width = others.shape
        dark = cv2.convertScaleAbs(enlarged(self._plate.luma, width, height), alpha=_DARKEST)
        sheet &= np.asarray(pyramid.gray >= dark).view(np.uint8)
        edge = np.asarray(cv2.dilate(others, disc(1)), np.uint8) & (sheet ^ 1)
        before = np.asarray(others | edge, np.uint8)
        if self._person is None:
            return self._between(before, seen)
        if looks:
            self._doubt_edges(seen, self._person, time)
        return self._people(before, sheet, seen, self._person, pyramid)

    def _between(self, before: Plane, seen: _Cells) -> Mask:
        """What is between parts of the sheet, but for scraps."""
        height, width = before.shape
        area = _hull(seen)
        shown = (self._in_cells(before) > 127).view(np.uint8) & area
        parts = Components.of(shown)
        large = (parts.areas >= SMALLEST * shown.size)[parts.labels].view(np.uint8)
        kept = np.asarray(cv2.dilate(large, disc(_RIM)), np.uint8) & area
        return np.asarray(before & enlarged(kept, width, height), np.float32)

    def _people(
        self, before: Plane, sheet: Plane, seen: _Cells, person: Mask, pyramid: Pyramid
    ) -> Mask:
        """What is before the sheet and a person's, and what of them is beyond it."""
        height, width = before.shape
        sure = self._sure(person)
        known = self._known(seen)
        wide = np.asarray(cv2.dilate(sure, disc(_REACH)), np.uint8)
        keyed = known | (np.asarray(cv2.dilate(known, disc(_RIM)), np.uint8) & wide)
        shown = (self._in_cells(before) > 127).view(np.uint8) & keyed
        theirs = self._of_somebody(shown, wide, known)
        kept = keyed & np.asarray(cv2.dilate(theirs, disc(_RIM)), np.uint8)
        around = np.asarray(cv2.dilate(sure, disc(1)), np.uint8) & (sure ^ 1)
        beyond = around & (keyed ^ 1)
        strange = (shown & (theirs ^ 1)) | ((keyed | wide) ^ 1)
        self._asks = bool(beyond.any()) or self._moves(np.asarray(strange, np.uint8), pyramid)
        decided = enlarged(keyed, width, height)
        mask = np.where(decided, np.float32(0), person)
        neither = (decided & (sheet ^ 1) & (before ^ 1)).view(np.bool_)
        mask[neither] = person[neither]
        np.maximum(mask, before & enlarged(kept, width, height), out=mask)
        return np.maximum(mask, _core(person), out=mask)

    def _of_somebody(self, shown: Plane, wide: Plane, known: Plane) -> Plane:
        """The connected parts of `shown` that are a person's, or came before the sheet since.

        A part at the sheet's edge is neither but for a person's: there the room may have come
        into the picture, because the sheet or the camera was moved.
        """
        parts = Components.of(shown)
        outside = cv2.dilate(known ^ 1, disc(_RIM)) > 0
        strange = (self._plate.known == 0) | outside
        shares = np.bincount(parts.labels[strange], minlength=parts.areas.size)
        chosen = np.asarray(shares == 0)
        chosen[parts.labels[(wide & shown) > 0]] = True
        chosen[0] = False
        return np.asarray(chosen[parts.labels]).view(np.uint8)

    def _moves(self, strange: Plane, pyramid: Pyramid) -> bool:
        """Whether something comes that may be somebody."""
        moved = cv2.resize(pyramid.motion, self._cells, interpolation=cv2.INTER_AREA) > _MOVES
        return bool((moved & (strange > 0)).any())

    def _sure(self, person: Mask) -> Plane:
        return np.asarray(cv2.resize(person, self._cells) > SURE).view(np.uint8)

    def _known(self, seen: _Cells) -> Plane:
        """Where there is sheet, as far as it was ever seen."""
        known = self._plate.known | seen.view(np.uint8)
        return np.asarray(cv2.morphologyEx(known, cv2.MORPH_CLOSE, disc(1)), np.uint8)

    def _doubt_edges(self, seen: _Cells, person: Mask, time: float) -> None:
        """Doubt the sheet where something else is at its edge, that is nobody's."""
        away = np.asarray(cv2.dilate(self._sure(person), disc(_HELD)), np.uint8) ^ 1
        rim = np.asarray(cv2.dilate(self._known(seen), disc(_RIM)), np.uint8)
        edge = np.asarray(cv2.dilate((rim ^ 1) & away, disc(_RIM + 1)), np.uint8)
        self._plate.doubt((edge & away).view(np.bool_) & ~seen, time)

    # -- the rest ------------------------------------------------------------------------------

    def _in_cells(self, plane: Plane) -> Plane:
        """The share of zeros and ones that is set in each cell, in 0..255."""
        return shrink(plane * np.uint8(255), *self._cells)

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Nothing: the sheet and the light are as they were."""

    def reset(self) -> None:
        """Forget the sheet and the people."""
        if self._network is not None:
            self._network.reset()
        self._begin()

    def _begin(self) -> None:
        self._plate = SheetPlate(*self._cells)
        self._looks = Schedule(_LOOK_EVERY)
        self._color = self._person = None
        self._asks = False
        self._filled = 0
        self.notice = ""

    def close(self) -> None:
        """Free the network."""
        if self._network is not None:
            self._network.close()


def _asked(network: Segmenter, pyramid: Pyramid, time: float) -> Mask | None:
    """The network's mask at the size of the small picture."""
    mask = network.segment(pyramid, time)
    if mask is None:
        return None
    height, width = pyramid.small.shape[:2]
    resized = cv2.resize(mask, (width, height))  # a copy, also of the same size
    return np.asarray(resized, np.float32)


def _core(person: Mask) -> Plane:
    """What is the person whatever its colour, uint8 (h, w) of zeros and ones.

    What the picture's edge cuts off goes on beyond it: OpenCV erodes nothing there.
    """
    reach = max(1, round(_CORE_INSIDE * person.shape[1]))
    inside = np.asarray(person > _CORE).view(np.uint8)
    return np.asarray(cv2.erode(inside, np.ones((2 * reach + 1,) * 2, np.uint8)), np.uint8)


def _hull(cells: _Cells) -> Plane:
    """The convex hull of cells: uint8 (h, w) of zeros and ones."""
    hull = np.zeros(cells.shape, np.uint8)
    rows = np.flatnonzero(cells.any(1))
    if rows.size:
        first = cells[rows].argmax(1)
        last = cells.shape[1] - 1 - cells[rows, ::-1].argmax(1)
        ends = np.concatenate([np.column_stack([first, rows]), np.column_stack([last, rows])])
        cv2.fillConvexPoly(hull, cv2.convexHull(ends.astype(np.int32)), 1)
    return hull
