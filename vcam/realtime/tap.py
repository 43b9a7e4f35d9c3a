"""Copies of what is being rendered, for a preview window.

Nothing is copied while there is no viewer. While there is one, the render thread makes reduced
copies of some frames, of the requested parts only, and never waits.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import cv2
import numpy as np

from vcam.images.resizing import shrink
from vcam.images.types import I420, Alpha, Image, Plane
from vcam.pipeline.rendered import Layers
from vcam.realtime.clock import CLOCK, Clock

logger = logging.getLogger(__name__)

LARGEST_WIDTH = 960
"""Pixels: wider pictures are halved, which costs little more than copying them."""

_PERIOD = 0.06
"""Least time between two looks, seconds: every other frame at 30 fps."""

_LEASE = 2.0
"""Seconds for which a single request counts as watching."""


@dataclass(frozen=True)
class Look:
    """Copies of the parts of one frame; None for a part that was not requested or does not exist.

    Attributes:
        number: Grows from look to look.
        captured: When its picture was captured, in seconds of `realtime.clock`.
        seen: What viewers see, up to `LARGEST_WIDTH` wide.
        room: The camera's picture, uint8 (h, w, 3), BGR; of any size.
        alpha: uint8, the size of `seen`.
        mask: The segmenter's raw answer, uint8 (mh, mw).
        behind: The background without the person, the size of `seen`.
    """

    number: int
    captured: float = 0.0
    seen: I420 | None = None
    room: Image | None = None
    alpha: Alpha | None = None
    mask: Plane | None = None
    behind: I420 | None = None


PARTS = tuple(field.name for field in fields(Look))[2:]
"""The parts that can be requested."""


class Tap:
    """The newest look at what one thread renders, for any number of other threads.

    Args:
        clock: Source of the looks' timestamps.
    """

    def __init__(self, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._leases: dict[str, float] = {}
        self._watched_until = self._due = float("-inf")
        self._changed = threading.Condition()
        self._newest, self._has = Look(0), frozenset(PARTS)

    @property
    def is_watched(self) -> bool:
        """Whether a look was requested in the last two seconds."""
        return self._clock.now() < self._watched_until

    def lease(self, parts: Collection[str]) -> None:
        """Have looks with these parts taken for the next two seconds."""
        until = self._clock.now() + _LEASE
        self._leases.update({part: until for part in PARTS if part in parts})
        self._watched_until = until

    def newest(self, parts: Collection[str], after: int, patience: float) -> Look:
        """The newest look; an empty one, captured at 0, if none has these parts.

        Args:
            parts: Which of `PARTS` it must have.
            after: Number of the look the caller already has.
            patience: Seconds to wait for a newer one.
        """
        self.lease(parts)
        wanted = frozenset(parts)
        with self._changed:
            self._clock.wait(
                self._changed,
                lambda: self._newest.number > after and wanted <= self._has,
                patience,
            )
            return self._newest if wanted <= self._has else Look(after)

    def forget(self) -> None:
        """Drop the newest look; threads waiting for one return at once without any."""
        with self._changed:
            self._newest, self._has = Look(self._newest.number + 1), frozenset(PARTS)
            self._changed.notify_all()

    def offer(self, captured: float, layers: Layers | None, out: I420) -> None:
        """Take copies if they are being watched and one is due; called for every frame.

        Args:
            captured: When the frame's picture was captured.
            layers: What the frame was made of; None if viewers do not see the person: then only the
                finished frame is copied.
            out: The finished frame.
        """
        now = self._clock.now()
        if now >= self._watched_until:
            if self._newest.captured:
                self.forget()
            return
        if now < self._due:
            return
        self._due = now + _PERIOD
        parts = frozenset(part for part in PARTS if self._leases.get(part, 0.0) > now)
        try:
            copies = _copies(parts, layers, out)
        except Exception:  # a preview must never cost viewers a frame
            logger.exception("a frame could not be shown in the preview")
            return
        with self._changed:
            self._newest = Look(self._newest.number + 1, captured, **copies)
            self._has = parts
            self._changed.notify_all()


def placeholder_look(number: int, placeholder: I420) -> Look:
    """The look while viewers see only the placeholder."""
    return Look(number, seen=_small(placeholder))


def small_size(width: int, height: int) -> tuple[int, int]:
    """Width and height, halved as often as it takes to be at most `LARGEST_WIDTH` wide."""
    while width > LARGEST_WIDTH:
        width, height = width // 2, max(height // 2, 1)
    return width, height


def _copies(parts: Collection[str], layers: Layers | None, out: I420) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "seen" in parts:
        found["seen"] = _small(out)
    if layers is None:
        return found
    if "room" in parts:
        found["room"] = layers.image.copy()  # halving three channels takes twice as long
    if "alpha" in parts and layers.alpha is not None:
        found["alpha"] = _shrunk(layers.alpha, *small_size(out.width, out.height))
    if "mask" in parts and layers.mask is not None:
        found["mask"] = np.asarray(cv2.convertScaleAbs(layers.mask, alpha=255), np.uint8)
    if "behind" in parts and layers.behind is not None:
        found["behind"] = _small(layers.behind)
    return found


def _small(picture: I420) -> I420:
    small = I420(*small_size(picture.width, picture.height))
    for target, plane in zip(small.planes, picture.planes, strict=True):
        height, width = target.shape
        target[:] = shrink(plane, width, height)
    return small


def _shrunk(plane: Plane, width: int, height: int) -> Plane:
    small = shrink(plane, width, height)
    return small.copy() if small is plane else small
