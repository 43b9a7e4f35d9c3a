"""Video colour encodings, and the effect of decoding them wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Colours: TypeAlias = npt.NDArray[np.float64]
"""float64 (n, 3) in 0..255, BGR or YUV."""


@dataclass(frozen=True)
class Coding:
    """An encoding of colours as Y, Cb and Cr (ITU-R BT.601-7 and BT.709-6, 8 bit).

    Attributes:
        name: For people.
        red: The weight of red in luma.
        blue: The weight of blue.
        full: Whether luma fills 0..255 instead of 16..235.
    """

    name: str
    red: float
    blue: float
    full: bool = False

    @property
    def _scales(self) -> tuple[float, float, float]:
        return (0.0, 255.0, 255.0) if self.full else (16.0, 219.0, 224.0)

    def encode(self, bgr: Colours) -> Colours:
        """From BGR to YUV, not rounded."""
        offset, luma, chroma = self._scales
        blue, green, red = (bgr / 255).T
        y = self.red * red + (1 - self.red - self.blue) * green + self.blue * blue
        u, v = (blue - y) / (2 * (1 - self.blue)), (red - y) / (2 * (1 - self.red))
        return np.stack([offset + luma * y, 128 + chroma * u, 128 + chroma * v], 1)

    def decode(self, yuv: Colours) -> Colours:
        """From YUV to BGR, clipped to 0..255."""
        offset, luma, chroma = self._scales
        y, u, v = (yuv[:, 0] - offset) / luma, (yuv[:, 1] - 128) / chroma, yuv[:, 2] - 128
        red = y + 2 * (1 - self.red) * v / chroma
        blue = y + 2 * (1 - self.blue) * u
        green = (y - self.red * red - self.blue * blue) / (1 - self.red - self.blue)
        return np.clip(255 * np.stack([blue, green, red], 1), 0, 255)


BT601 = Coding("BT.601, limited range", 0.299, 0.114)
"""What vcam sends."""
BT709 = Coding("BT.709, limited range", 0.2126, 0.0722)
BT601_FULL = Coding("BT.601, full range", 0.299, 0.114, full=True)
BT709_FULL = Coding("BT.709, full range", 0.2126, 0.0722, full=True)


def misread(bgr: Colours) -> dict[str, Colours]:
    """The colours of `bgr`, sent as BT.601 in limited range, after each known decoding mistake.

    Returns:
        For each mistake, in words that follow "the picture is ...", the colours seen.
    """
    yuv = BT601.encode(bgr)
    grey = np.stack([yuv[:, 0], np.full(len(yuv), 128.0), np.full(len(yuv), 128.0)], 1)
    return {
        "read as BT.709 instead of BT.601": BT709.decode(yuv),
        "read as full range instead of limited range": BT601_FULL.decode(yuv),
        "read as BT.709 in full range": BT709_FULL.decode(yuv),
        "stretched as if it were full range": BT601.decode(BT601_FULL.encode(bgr)),
        "read with U and V swapped": BT601.decode(yuv[:, [0, 2, 1]]),
        "read with red and blue swapped": bgr[:, ::-1],
        "without its colours": BT601.decode(grey),
    }
