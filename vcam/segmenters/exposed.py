"""Pictures as bright as those that the networks have learnt from."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Image

_BRIGHTEST = 0.02
"""Share of the pixels that may be brighter than white should be: lamps, reflections."""
_WHITE = 235
_DIM = 1.2
"""Factor up to which a picture is bright enough as it is."""
_SLOPE = 1.5
"""How quickly the factor grows beyond that, until it is what is missing."""
_MOST = 2.5
"""Beyond that factor there is more noise than picture."""
_SAMPLE = (slice(None, None, 4), slice(None, None, 4))


def exposed(picture: Image) -> Image:
    """A dim `picture` brightened until its brightest parts are white; others as they are.

    In dim light the networks lose half of a person whom they know well in a brighter picture.

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
