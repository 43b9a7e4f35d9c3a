"""The person's colours carried on into what is transparent, in place of the room's."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Alpha, Plane

ROOM = 7
"""Alphas up to this one are of pixels whose own colour is the room's."""

_CELL = 8
"""Pixels to a side of the cells that colours are averaged over."""
_REACH = 5
"""Cells to a side of the neighbourhood: 20 pixels each way."""
_LEAST = 0.5
"""Mean alpha of a neighbourhood in which the person has a colour."""


def bleed(plane: Plane, alpha: Alpha, neutral: int) -> None:
    """Give pixels that hardly show the colour of the person beside them, in place.

    In a file with transparency the colours under it can still be read, and players mix them into
    the edges. The colour is a mean of the neighbourhood weighted by alpha.

    Args:
        plane: uint8 (h, w), one channel of a picture; changed where `alpha` is 7 or less.
        alpha: uint8 (h, w).
        neutral: What stands there where nobody is near.
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
