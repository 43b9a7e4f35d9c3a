"""A network and a clean plate together: the one knows people, the other knows the room."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.pyramid import Pyramid
from vcam.images.timing import Steps, left
from vcam.images.types import Image, Mask, Plane
from vcam.segmenters import coarse
from vcam.segmenters.attached import AttachedObjects
from vcam.segmenters.base import Segmenter, is_settled
from vcam.segmenters.brought import BroughtThings
from vcam.segmenters.plate import CleanPlate
from vcam.segmenters.removal import without_room
from vcam.segmenters.room_veto import RoomVeto

_CLEARLY = 2.0
"""How many tolerances a pixel must differ to be given back to the person."""
_LEFT = 0.5
"""Share of what was given back before that is left after 1/30 s: nothing flashes up."""
_PATIENCE = 4.0
"""Seconds after which what was given back, but does not move, is no longer: the person was
mistaken for the room when it was learnt, or it is a thing."""
_STIRS = 0.002
"""Share of the picture that has moved from which something may have to be given back: a hand."""
_STRIDE = 3
"""Cells of the coarse grid that a hand moves in 1/30 s."""
_NOTHING: Plane = np.zeros(coarse.SHAPE, np.uint8)


class HybridSegmenter:
    """Corrects a network's mask by what is known of the room; implements `Segmenter`.

    Where the network hesitates and the picture looks as the empty room did, it is room; so is,
    however sure the network is, a whole part of the mask that does, and what has the room's own
    pattern. What clearly differs from the room and hangs together with the person (a hand, a cup)
    is given back. Where the room is not known, the network's word is taken as it is.

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
        self._veto = RoomVeto()
        self._steps = Steps()

    @property
    def progress(self) -> float:
        """That of the network."""
        return self._network.progress

    @property
    def is_settled(self) -> bool:
        """Whether the network is."""
        return is_settled(self._network)

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The network's mask, corrected.

        Raises:
            SegmenterError: The network failed.
        """
        mask = self._network.segment(pyramid, time)
        if mask is None:
            return None
        rests = mask is self._mask  # the network does: it has carried its mask along, at most
        if rests and self._corrected is not None and self._still_stands(pyramid):
            if pyramid.motion.mean() >= _STIRS and self._corrected is not mask:
                np.copyto(self._corrected, pyramid.carry(self._corrected))
            self.rest(pyramid, time)
            return self._corrected
        corrected = self._correct(mask, pyramid, time, self._steps.take(time))
        if rests and self._corrected is not None and self._corrected is not mask:
            # The same array once more: who rests must not measure from this picture, which the
            # network has not seen.
            np.copyto(self._corrected, corrected)
        else:
            self._mask, self._corrected = mask, corrected
        return self._corrected

    def _still_stands(self, pyramid: Pyramid) -> bool:
        """Whether what was corrected can be carried along: nothing is new, no hand given back."""
        if self._brought.any:
            return False
        if pyramid.motion.mean() < _STIRS:
            return True
        flow = pyramid.flow
        if flow is None or self._found.any() or flow.unexplained.mean() > _STIRS:
            return False
        return self._corrected is not None and self._corrected.shape == pyramid.gray.shape

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Go on learning the room."""
        if self._plate is None or self._mask is None or not self._plate.is_due(time):
            return
        picture = _picture(pyramid, self._mask)
        rough = coarse.shrunk(picture)
        self._brought.find(picture, rough, self._mask, time)
        self._plate.adjust(rough, self._mask, time)
        self._plate.learn(picture, self._found | self._brought.things, time)

    def _correct(self, mask: Mask, pyramid: Pyramid, time: float, step: float) -> Mask:
        height, width = mask.shape
        plate = self._plate
        if plate is None or self._given.shape != mask.shape:
            plate = self._begin(width, height)
        picture = _picture(pyramid, mask)
        rough = coarse.shrunk(picture)
        plate.adjust(rough, mask, time)
        still = self._stillness.look(rough, time)
        if not plate.trusted.any():
            self._veto.forget()
            self._given[:] = 0
            self._found = _NOTHING
            corrected = mask
        else:
            kept, clearly = self._compare(mask, picture, plate, time)
            before = self._found
            self._found = self._find_belongings(rough, kept, clearly, plate, still, time)
            corrected = self._with(kept, self._found, before, clearly, step)
        brought = self._brought.find(picture, rough, corrected, time)
        if brought is not None:
            corrected = np.maximum(corrected, brought)
        if plate.is_due(time):
            plate.learn(picture, self._found | self._brought.things, time)
        return corrected

    def _begin(self, width: int, height: int) -> CleanPlate:
        self._plate = CleanPlate(width, height)
        self._given = np.zeros((height, width), np.float32)
        self._stillness, self._attached = coarse.Stillness(_PATIENCE), AttachedObjects()
        self._veto, self._brought = RoomVeto(), BroughtThings(width, height)
        return self._plate

    def _compare(
        self, mask: Mask, picture: Image, plate: CleanPlate, time: float
    ) -> tuple[Mask, Plane]:
        """`mask` without what looks like the room, and where the picture clearly does not."""
        largest = coarse.difference(picture, plate.room)
        clearly = largest > cv2.convertScaleAbs(plate.tolerance, alpha=_CLEARLY)
        kept = without_room(mask, picture, largest, plate, self._veto, time)
        return kept, clearly.view(np.uint8) & plate.trusted

    def _find_belongings(
        self,
        rough: Image,
        mask: Mask,
        clearly: Plane,
        plate: CleanPlate,
        still: npt.NDArray[np.bool_],
        time: float,
    ) -> Plane:
        """What is given back, on the coarse grid; what does not move is not, later."""
        level = coarse.shrunk(cv2.convertScaleAbs(mask, alpha=255))
        differs = coarse.share(clearly, 0.5)
        found = self._attached.find(rough, plate.coarse_room, level, differs, time)
        if (found & still).any():
            plate.distrust(found & still)
        return found

    def _with(
        self, mask: Mask, attached: Plane, before: Plane, clearly: Plane, step: float
    ) -> Mask:
        """`mask` and what is given back to it: at once where something was `before`."""
        if not attached.any() and not self._given.any():
            return mask
        height, width = mask.shape
        around = np.asarray(cv2.dilate(attached, coarse.disc(1)), np.uint8)
        now = coarse.enlarged(around, width, height) & clearly
        known = around & np.asarray(cv2.dilate(before, coarse.stride(_STRIDE, step)), np.uint8)
        cv2.accumulateWeighted(now, self._given, 1 - left(_LEFT, step))
        self._given[self._given < 0.05] = 0
        np.maximum(self._given, now & coarse.enlarged(known, width, height), out=self._given)
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
