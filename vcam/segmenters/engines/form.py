"""The format of a network's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Form:
    """The format of a network's pictures: RGB, a plane for each channel.

    Attributes:
        width: Of the picture, pixels.
        height: Of the picture, pixels.
        low: The number that a channel's 0 is given as.
        high: The number that its 255 is given as.
    """

    width: int
    height: int
    low: float = 0.0
    high: float = 1.0

    def picture(self, image: npt.NDArray[np.uint8]) -> Floats:
        """The tensor for uint8 (h, w, 3), BGR: float32 (1, 3, h, w)."""
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        floats = rgb * np.float32((self.high - self.low) / 255) + np.float32(self.low)
        return np.ascontiguousarray(floats.transpose(2, 0, 1)[np.newaxis], np.float32)
