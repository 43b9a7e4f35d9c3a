"""Brightening dim pictures to what the networks were trained on."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Image

_BRIGHTEST = 0.02
"""Share of the pixels that may exceed white: lamps, reflections."""
_WHITE = 235
_DIM = 1.2
"""Gain up to which a picture counts as bright enough."""
_SLOPE = 1.5
"""Slope of the gain beyond that, until it reaches the full one."""
_MOST = 2.5
"""Largest gain: beyond it there is more noise than picture."""
_SAMPLE = (slice(None, None, 4), slice(None, None, 4))


def exposed(picture: Image) -> Image:
    """A dim `picture` brightened until its brightest parts are white; others unchanged.

    In dim light the networks miss half of a person whom they find in a brighter picture.

    Args:
        picture: uint8 (h, w, 3), BGR.
    """
    gain = _gain(picture)
    return picture if gain == 1 else np.asarray(cv2.convertScaleAbs(picture, alpha=gain), np.uint8)


def _gain(picture: Image) -> float:
    green = picture[..., 1][_SAMPLE].ravel()
    rank = round((1 - _BRIGHTEST) * (green.size - 1))
    brightest = int(np.partition(green, rank)[rank])
    missing = min(_WHITE / max(1, brightest), _MOST)
    return max(1.0, min(missing, 1 + _SLOPE * (missing - _DIM)))
