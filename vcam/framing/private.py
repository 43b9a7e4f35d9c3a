"""Parts of the camera's picture that are never shown: a bed, a door, a screen."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from vcam.images.region import Region
from vcam.images.types import Cutout, Image, Plane

_NEXT = np.ones((3, 3), np.uint8)
"""Kernel that grows an area by the pixels whose colours resampling mixes with it."""


class PrivateAreas:
    """Blackens areas of the camera's pictures before any other stage.

    Args:
        areas: The areas that are never shown.
    """

    def __init__(self, areas: Sequence[Region] = ()) -> None:
        self._areas = tuple(areas)
        self._covered: Image = np.empty((0, 0, 3), np.uint8)

    def __bool__(self) -> bool:
        return bool(self._areas)

    def cover(self, image: Image) -> Image:
        """`image`, uint8 (h, w, 3), with the areas black: valid until the next call.

        It is `image` itself where there are no areas; it is never changed.
        """
        if not self._areas:
            return image
        if self._covered.shape != image.shape:
            self._covered = np.empty(image.shape, np.uint8)
        np.copyto(self._covered, image)
        self._fill(self._covered, 0)
        return self._covered

    def drawn(self, width: int, height: int) -> Image:
        """A black picture of that size with the areas in white: uint8 (h, w, 3)."""
        picture = np.zeros((height, width, 3), np.uint8)
        self._fill(picture, 255)
        return picture

    def _fill(self, picture: Image, level: int) -> None:
        height, width = picture.shape[:2]
        for area in self._areas:
            picture[area.pixels(width, height)] = level


def hidden_in(drawn: Image) -> Plane:
    """Where alpha must be 0: uint8 (h, w), not 0 there.

    Args:
        drawn: What `PrivateAreas.drawn` gives, framed as the pictures are.
    """
    return np.asarray(cv2.dilate(drawn[..., 0], _NEXT), np.uint8)


def hide(cutout: Cutout, hidden: Plane | None) -> Cutout:
    """The cut-out with an alpha of 0 where `hidden` is not 0; changed in place."""
    if hidden is not None:
        cutout.alpha[hidden > 0] = 0
    return cutout
