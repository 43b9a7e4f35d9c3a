"""Taking a coloured sheet's light out of the colours of whoever is before it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vcam.images.types import Layer, Plane
from vcam.segmenters.base import Spill

_FAINT, _OWN = 0.35, 0.7
"""Chroma in the sheet's direction, over the sheet's: up to the one it is the sheet's light, from
the other on a colour of the person's own, such as a tie's."""


def remove_spill(layer: Layer, spill: Spill) -> None:
    """Take from the chroma of `layer` what it has in the direction of the sheet's, where faint.

    Args:
        layer: The person; its planes are changed.
        spill: The sheet's light.
    """
    length = math.hypot(spill.u, spill.v)
    if length < 1:
        return
    u, v = spill.u / length, spill.v / length
    along = cv2.addWeighted(layer.u, u, layer.v, v, -128 * (u + v))  # less than 0 becomes 0
    amount = cv2.LUT(along, _amounts(length, spill.strength))
    cv2.addWeighted(layer.u, 1, amount, -u, 0, dst=layer.u)
    cv2.addWeighted(layer.v, 1, amount, -v, 0, dst=layer.v)


def _amounts(length: float, strength: float) -> Plane:
    """How much is taken from each chroma along the sheet's: uint8 (256,)."""
    level = np.arange(256, dtype=np.float64)
    spilt = np.clip((_OWN * length - level) / ((_OWN - _FAINT) * length), 0, 1)
    return np.asarray(np.rint(strength * level * spilt), np.uint8)
