"""A person for the tests: NASA's public-domain portrait that scikit-image carries."""

from __future__ import annotations

import cv2
import numpy as np
from skimage import data

from vcam.images.types import Image


def portrait() -> Image:
    """The portrait in a 16:9 picture: uint8 (360, 640, 3), BGR; her head is near the middle."""
    picture = np.asarray(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR), np.uint8)
    small = cv2.resize(picture, (360, 360), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.copyMakeBorder(small, 0, 0, 140, 140, cv2.BORDER_REPLICATE), np.uint8)
