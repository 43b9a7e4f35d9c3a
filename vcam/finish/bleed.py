"""Extending the person's colours into transparent pixels, in place of the room's."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Alpha, Plane

ROOM = 7
"""Pixels with an alpha up to this have the room's colour."""

_CELL = 8
"""Pixels to a side of the cells that colours are averaged over."""
_REACH = 5
"""Cells to a side of the neighbourhood: 20 pixels each way."""
_LEAST = 0.5
"""Mean alpha of a neighbourhood in which the person has a colour."""


def bleed(plane: Plane, alpha: Alpha, neutral: int) -> None:
    """Give nearly transparent pixels the colour of the person beside them, in place.

    In a file with alpha the colours of transparent pixels are still stored, and players bleed them
    into the edges. The colour is an alpha-weighted mean of the neighbourhood.

    Args:
        plane: uint8 (h, w), one channel of a picture; changed where `alpha` is 7 or less.
        alpha: uint8 (h, w).
        neutral: The value where no person is near.
    """
    height, width = plane.shape
    small = (max(1, round(width / _CELL)), max(1, round(height / _CELL)))
    weight = np.where(alpha > ROOM, alpha, 0).astype(np.float32)
    sums, weights = (
        cv2.blur(cv2.resize(values, small, interpolation=cv2.INTER_AREA), (_REACH, _REACH))
        for values in (weight * plane, weight)
    )
    means = np.where(weights > _LEAST, sums / np.maximum(weights, _LEAST), neutral)
    wide = cv2.resize(means.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    np.copyto(plane, np.rint(wide).astype(np.uint8), where=alpha <= ROOM)
