"""A network and a clean plate together: the one knows people, the other knows the room."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.frames import Image, Mask, Plane
from vcam.pyramid import Pyramid
from vcam.segmenters import coarse
from vcam.segmenters.base import Segmenter
from vcam.segmenters.belongings import Belongings
from vcam.segmenters.plate import CleanPlate

_MOSTLY_ROOM = 0.6
"""Share of a part of the mask that must look like the room for all of it to go."""
_CLEARLY = 2.0
"""How many tolerances a pixel must differ to be given back to the person."""
_SURE = 0.7
"""Mean mask value of a part, from which the network is sure of it."""
_CERTAIN = 0.95
"""Mask value from which the network is not contradicted, save about a whole part."""
_NEW = 0.5
"""Weight of the newest frame in what is given back: nothing flashes up for one frame."""
_PATIENCE = 4.0
"""Seconds after which what was given back, but does not move, is no longer: the person was
mistaken for the room when it was learnt, or it is a thing."""
_STIRS = 0.002
"""Share of the picture that has moved from which something may have to be given back: a hand."""
_NOTHING: Plane = np.zeros(coarse.SHAPE, np.uint8)
_LITTLE = 204
_LIKENESS = np.clip(np.arange(256, dtype=np.float32) / 255 * 5 - 4, 0, 1)
"""By the share of similar pixels round one (0..255), how much it is the room."""


class HybridSegmenter:
    """Corrects a network's mask by what is known of the room; implements `Segmenter`.

    Where the network hesitates and the picture looks as the empty room did, it is room; so is a
    whole part of the mask that does. What clearly differs from the room and hangs together with
    the person (a hand, a cup) is given back. Where the room is not known, the network's word is
    taken as it is.

    Args:
        network: Gives the mask; its grid is the one all is done on.
    """

    def __init__(self, network: Segmenter) -> None:
        self._network = network
        self._plate: CleanPlate | None = None
        self._given: Mask = np.empty((0, 0), np.float32)
        self._mask: Mask | None = None
        self._corrected: Mask | None = None
        self._found = _NOTHING

    @property
    def progress(self) -> float:
        """That of the network."""
        return self._network.progress

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The network's mask, corrected.

        Raises:
            SegmenterError: The network failed.
        """
        mask = self._network.segment(pyramid, time)
        if mask is None:
            return None
        rests = mask is self._mask  # the network does, as hardly anything moves where it looks
        if rests and pyramid.motion.mean() < _STIRS:
            self.rest(pyramid, time)
            return self._corrected
        corrected = self._correct(mask, pyramid, time)
        if rests and self._corrected is not None and self._corrected is not mask:
            # The same array once more: who rests must not measure from this picture, which the
            # network has not seen.
            np.copyto(self._corrected, corrected)
        else:
            self._mask, self._corrected = mask, corrected
        return self._corrected

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Go on learning the room."""
        if self._plate is None or self._mask is None or not self._plate.is_due():
            return
        picture = _picture(pyramid, self._mask)
        self._plate.adjust(coarse.shrunk(picture), self._mask, time)
        self._plate.learn(picture, self._found, time)

    def _correct(self, mask: Mask, pyramid: Pyramid, time: float) -> Mask:
        height, width = mask.shape
        plate = self._plate
        if plate is None or self._given.shape != mask.shape:
            plate = self._begin(width, height)
        picture = _picture(pyramid, mask)
        rough = coarse.shrunk(picture)
        plate.adjust(rough, mask, time)
        still = self._stillness.look(rough, time)
        if not plate.trusted.any():
            self._given[:] = 0
            self._found = _NOTHING
            corrected = mask
        else:
            kept, clearly = _compare(mask, picture, plate)
            self._found = self._find_belongings(rough, kept, clearly, plate, still)
            corrected = self._with(kept, self._found, clearly)
        if plate.is_due():
            plate.learn(picture, self._found, time)
        return corrected

    def _begin(self, width: int, height: int) -> CleanPlate:
        self._plate = CleanPlate(width, height)
        self._given = np.zeros((height, width), np.float32)
        self._stillness, self._belongings = coarse.Stillness(_PATIENCE), Belongings()
        return self._plate

    def _find_belongings(
        self,
        rough: Image,
        mask: Mask,
        clearly: Plane,
        plate: CleanPlate,
        still: npt.NDArray[np.bool_],
    ) -> Plane:
        """What is given back, on the coarse grid; what does not move is not, later."""
        level = coarse.shrunk(cv2.convertScaleAbs(mask, alpha=255))
        differs = coarse.share(clearly, 0.5)
        found = self._belongings.find(rough, coarse.shrunk(plate.room), level, differs)
        if (found & still).any():
            plate.distrust(found & still)
        return found

    def _with(self, mask: Mask, belongings: Plane, clearly: Plane) -> Mask:
        """`mask` and what is given back to it."""
        if not belongings.any() and not self._given.any():
            return mask
        height, width = mask.shape
        now = coarse.enlarged(cv2.dilate(belongings, coarse.disc(1)), width, height) & clearly
        cv2.accumulateWeighted(now, self._given, _NEW)
        self._given[self._given < 0.05] = 0
        soft = cv2.blur(self._given, (3, 3))
        return np.maximum(mask, np.clip(soft * 2 - 1, 0, 1))

    def reset(self) -> None:
        """Forget the room."""
        self._network.reset()
        self._plate = self._mask = None

    def close(self) -> None:
        """Free the network."""
        self._network.close()


def _picture(pyramid: Pyramid, mask: Mask) -> Image:
    """The pyramid's picture at the mask's size."""
    height, width = mask.shape
    small = pyramid.small
    return small if small.shape[:2] == mask.shape else pyramid.at(width, height)


def _compare(mask: Mask, picture: Image, plate: CleanPlate) -> tuple[Mask, Plane]:
    """`mask` without what looks like the room, and where the picture clearly does not."""
    largest = coarse.difference(picture, plate.room)
    clearly = largest > cv2.convertScaleAbs(plate.tolerance, alpha=_CLEARLY)
    return _without_room(mask, largest, plate), clearly.view(np.uint8) & plate.trusted


def _without_room(mask: Mask, largest: Plane, plate: CleanPlate) -> Mask:
    """`mask` without what looks like the room.

    Args:
        mask: The network's.
        largest: uint8 (h, w), difference of the picture and the room, in levels.
        plate: The room.
    """
    same = (cv2.blur(largest, (3, 3)) <= plate.tolerance).view(np.uint8) & plate.trusted
    likeness = np.asarray(cv2.blur(same * np.uint8(255), (5, 5)), np.uint8)
    gone, misjudged = _judge_parts(mask, likeness)
    kept, (height, width) = mask.copy(), mask.shape
    if gone.any():
        kept[coarse.enlarged(gone, width, height) > 0] = 0
    if misjudged.any():
        plate.distrust(misjudged)
        likeness[coarse.enlarged(misjudged, width, height) > 0] = 0
    doubted = np.flatnonzero((likeness > _LITTLE) & (mask > 0))
    values = kept.ravel()[doubted]
    doubt = np.clip((_CERTAIN - values) * 4, 0, 1)
    kept.ravel()[doubted] = values * (1 - doubt * _LIKENESS[likeness.ravel()[doubted]])
    return kept


def _judge_parts(mask: Mask, likeness: Plane) -> tuple[Plane, Plane]:
    """Which parts of the mask look like the room as a whole.

    If the largest does, and the network is sure of it, then the person sat there, unnoticed, when
    the room was learnt: what was learnt is wrong there, and at all that the network is sure of.

    Returns:
        Where there are such parts, and where what was learnt is wrong: both uint8 (36, 64), 1
        there.
    """
    nowhere = np.zeros(coarse.SHAPE, np.uint8)
    found = coarse.share((mask > 0.3).view(np.uint8), 0.3)
    count, labels = cv2.connectedComponents(found)
    if count == 1:
        return nowhere, nowhere
    levels = coarse.shrunk(cv2.convertScaleAbs(mask, alpha=255)).ravel() / 255.0
    area, sure, alike = (
        np.bincount(labels.ravel(), weights, count)
        for weights in (None, levels, coarse.shrunk(likeness).ravel() / 255.0)
    )
    is_room = alike > _MOSTLY_ROOM * area
    is_room[0] = False
    is_wrong = np.zeros_like(is_room)
    is_sure = sure > _SURE * area
    if (is_room & is_sure)[1 + np.argmax(sure[1:])]:
        is_wrong, is_room = is_room & is_sure, is_room & ~is_sure
    if not is_room.any() and not is_wrong.any():
        return nowhere, nowhere
    gone, misjudged = (
        np.asarray(cv2.dilate(which[labels].view(np.uint8), coarse.disc(radius)), np.uint8)
        for which, radius in ((is_room, 1), (is_wrong, 3))
    )
    return gone, misjudged
