"""Taking out of a network's mask what is known to be the room."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Image, Mask, Plane
from vcam.segmenters import coarse
from vcam.segmenters.exposure import recognise
from vcam.segmenters.plate import CleanPlate
from vcam.segmenters.room_veto import RoomVeto

_CERTAIN = 0.95
"""Mask value from which the network is not contradicted by colours alone."""
_LITTLE = 204
_LIKENESS = np.clip(np.arange(256, dtype=np.float32) / 255 * 5 - 4, 0, 1)
"""By the share of similar pixels round one (0..255), how much it is the room."""
_ALIKE = 153
"""Similar pixels round one (0..255), from which its texture is compared with the room's."""
_SCRAP = 0.0005
"""Share of the picture that is worth that."""
_WINDOW, _TEXTURE, _SAME = 7, 2.0, 0.8
"""As in `recognise`: a finer texture than there, as the colours agree too."""
_DOUBTED = 0.5
_GAP = 150
"""Pixels from which the room may be seen amid the person: under an arm."""
_NEXT = np.ones((3, 3), np.uint8)


def without_room(
    mask: Mask, picture: Image, largest: Plane, plate: CleanPlate, veto: RoomVeto, time: float
) -> Mask:
    """`mask` without what looks like the room; `plate` forgets what it has learnt wrongly.

    Args:
        mask: The network's, float32 (h, w) in 0..1.
        picture: uint8 (h, w, 3), BGR.
        largest: uint8 (h, w), difference of the picture and the room, in levels.
        plate: The room.
        veto: Judges whole parts.
        time: Seconds.

    Returns:
        A new array.
    """
    same = (cv2.blur(largest, (3, 3)) <= plate.tolerance).view(np.uint8) & plate.trusted
    likeness = np.asarray(cv2.blur(same * np.uint8(255), (5, 5)), np.uint8)
    room, misjudged = veto.judge(mask, likeness, time)
    kept, (height, width) = mask.copy(), mask.shape
    if room.any():
        kept[coarse.enlarged(room, width, height) > 0] = 0
    if misjudged.any():
        plate.distrust(misjudged)
        likeness[coarse.enlarged(misjudged, width, height) > 0] = 0
    doubted = np.flatnonzero((likeness > _LITTLE) & (mask > 0))
    values = kept.ravel()[doubted]
    doubt = np.clip((_CERTAIN - values) * 4, 0, 1)
    kept.ravel()[doubted] = values * (1 - doubt * _LIKENESS[likeness.ravel()[doubted]])
    if veto.has_met_somebody:
        _blacken_texture(kept, picture, likeness, plate)
    return kept


def _blacken_texture(mask: Mask, picture: Image, likeness: Plane, plate: CleanPlate) -> None:
    """Take out of `mask` what has the colours and the texture of the room, however sure it is.

    Clothes may have a wall's colour, but not the pattern that is behind them.
    """
    possible = ((likeness > _ALIKE) & (mask > 0)).view(np.uint8)
    if cv2.countNonZero(possible) < _SCRAP * possible.size:
        return
    x, y, width, height = cv2.boundingRect(possible)
    margin = _WINDOW // 2
    area = (
        slice(max(0, y - margin), y + height + margin),
        slice(max(0, x - margin), x + width + margin),
    )
    room = recognise(picture[area], plate.room[area], _WINDOW, _TEXTURE, _SAME)
    beside = np.asarray(cv2.dilate(room, _NEXT), np.uint8)
    mask[area][_open_to_room(beside & possible[area], mask[area]) > 0] = 0


def _open_to_room(room: Plane, mask: Mask) -> Plane:
    """The parts of `room` that are not amid the person: a pattern there is like it by chance."""
    count, labels = cv2.connectedComponents(room)
    outside = np.asarray(cv2.dilate((mask < _DOUBTED).view(np.uint8), _NEXT), np.uint8)
    is_open = np.bincount(labels[outside > 0], minlength=count) > 0
    is_open |= np.bincount(labels.ravel(), minlength=count) > _GAP
    is_open[0] = False
    return np.asarray(is_open.view(np.uint8)[labels], np.uint8)
