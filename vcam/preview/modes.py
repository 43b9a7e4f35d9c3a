"""The views that a preview offers."""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np

from vcam.images.types import Alpha, Image
from vcam.realtime.tap import Look

_GREEN = (64, 177, 0)  # BGR
_DARK = (40, 40, 40)
_EMPTY_SIZE = (360, 640)


class Mode(str, Enum):
    """A view; the value is its displayed name."""

    ORIGINAL = "original"
    MASK = "mask"
    CUTOUT = "cut-out"
    SEEN = "background"

    @property
    def following(self) -> Mode:
        """The next mode, cyclically."""
        modes = list(Mode)
        return modes[(modes.index(self) + 1) % len(modes)]

    def parts(self, compare: bool) -> frozenset[str]:
        """The parts of a look that it needs; always `seen`, for its size."""
        wanted = {"seen", *_PARTS[self]}
        if compare:
            wanted |= {"mask"} | ({"room", "behind"} if self is Mode.SEEN else set())
        return frozenset(wanted)


_PARTS: dict[Mode, tuple[str, ...]] = {
    Mode.ORIGINAL: ("room",),
    Mode.MASK: ("alpha",),
    Mode.CUTOUT: ("room", "alpha"),
    Mode.SEEN: (),
}


def picture_of(look: Look, mode: Mode, refined: bool = True) -> Image:
    """The picture to show: a new uint8 (h, w, 3), BGR.

    If nobody is found, the mask is black and the cut-out all green. If the camera's picture may not
    be shown, the original is dark.

    Args:
        look: With the parts that the mode needs, if available.
        mode: The view to show.
        refined: False shows the result of the raw mask, enlarged.
    """
    height, width = (look.seen.height, look.seen.width) if look.seen else _EMPTY_SIZE
    room = None if look.room is None else _fitted(look.room, width, height)
    if mode is Mode.ORIGINAL:
        return _plain(_DARK, width, height) if room is None else room
    alpha = look.alpha if refined else _raw_alpha(look, width, height)
    if mode is Mode.MASK:
        if alpha is None:
            return _plain((0, 0, 0), width, height)
        return np.asarray(cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR), np.uint8)
    if mode is Mode.CUTOUT:
        return _blended(room, alpha, _plain(_GREEN, width, height))
    seen = _plain(_DARK, width, height) if look.seen is None else look.seen.to_bgr()
    if refined or look.behind is None or alpha is None:
        return seen
    return _blended(room, alpha, look.behind.to_bgr())


def side_by_side(left: Image, right: Image) -> Image:
    """Both pictures, with a line between them."""
    line = np.full((left.shape[0], 2, 3), 255, np.uint8)
    return np.hstack([left, line, right])


def _raw_alpha(look: Look, width: int, height: int) -> Alpha | None:
    if look.mask is None:
        return None
    enlarged = cv2.resize(look.mask, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, np.uint8)


def _fitted(image: Image, width: int, height: int) -> Image:
    if image.shape[:2] == (height, width):
        return image.copy()
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _plain(color: tuple[int, int, int], width: int, height: int) -> Image:
    return np.full((height, width, 3), color, np.uint8)


def _blended(room: Image | None, alpha: Alpha | None, behind: Image) -> Image:
    if room is None or alpha is None:
        return behind
    weight = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    fore = cv2.multiply(room, weight, scale=1 / 255)
    back = cv2.multiply(behind, cv2.bitwise_not(weight), scale=1 / 255)
    return np.asarray(cv2.add(fore, back), np.uint8)
