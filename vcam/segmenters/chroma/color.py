"""The colour of a green or blue sheet: finding it, and telling what looks like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import I420, Image, Plane

Rgb: TypeAlias = tuple[int, int, int]

_LUMA = np.array([0.114, 0.587, 0.299])
_U = 0.564 * (np.array([1, 0, 0]) - _LUMA)
_V = 0.713 * (np.array([0, 0, 1]) - _LUMA)
"""BT.601 in full range, of blue, green and red."""

_HUES = ((35, 85), (87, 130))
"""Of green and of blue, in OpenCV's half degrees: nobody's skin or hair has these."""
_ALIKE = 7
"""Half degrees from the commonest hue that still are the sheet's."""
_NEAR = 12
"""Half degrees by which the hue may differ from the one that is given or was found before."""
_LEAST_SATURATION, _LEAST_VALUE = 45, 30
"""Levels: what is paler or darker has no hue to speak of."""

_PALEST, _PALER_BY = 0.9, 0.6
"""Least saturation of what is surely sheet, over the sheet's: at tolerance 0, and less at 1."""
_WIDEST = 0.72
"""Tangent of the angle between its chroma and the sheet's at tolerance 1."""
_LEAST_ANGLE = 0.05
_FAINTEST = 0.3
"""Its least chroma, over the sheet's: folds are darker than that only where nothing is seen."""
_NOT = (0.5, 2.33, 0.6)
"""By what factors these three are to be missed by what surely is no sheet."""
_SHIFT = 3
"""Bits by which levels are rounded in the table of colours."""
_SIDE = 256 >> _SHIFT
_SHEET, _OTHER = 1, 2


def _levels() -> npt.NDArray[np.float64]:
    """The colours of the table, in its order: (n, 3), each in the middle of its part."""
    middles = (np.arange(_SIDE) << _SHIFT) + (1 << _SHIFT) / 2
    return np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), -1).reshape(-1, 3)


@dataclass(frozen=True)
class SheetColor:
    """A sheet's colour, and a table that tells it from others.

    A fold changes luma and chroma by one factor, so what counts is saturation (chroma over luma)
    and the angle of the chroma; only what is far darker than the sheet is not it.

    Attributes:
        color: Blue, green and red, in levels.
        table: uint8 (32 * 32 * 32,) by blue, green and red in eighths: 1 for what surely is
            sheet, 2 for what surely is none, 0 for all between.
    """

    color: npt.NDArray[np.float64]
    table: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, color: npt.NDArray[np.float64], tolerance: float) -> SheetColor:
        """That of `color`, with a tolerance of 0 to 1."""
        u, v = float(_U @ color), float(_V @ color)
        chroma = max(1.0, float(np.hypot(u, v)))
        levels = _levels()
        luma = levels @ _LUMA
        along = levels @ (u * _U + v * _V) / chroma
        across = np.abs(levels @ (u * _V - v * _U) / chroma)
        saturation = chroma / max(1.0, float(_LUMA @ color))

        def is_like(palest: float, angle: float, faintest: float) -> npt.NDArray[np.bool_]:
            pale = along < palest * saturation * luma
            return np.asarray(~pale & (across < angle * along) & (along > faintest * chroma))

        limits = (
            _PALEST - _PALER_BY * tolerance,
            max(_LEAST_ANGLE, _WIDEST * tolerance),
            _FAINTEST,
        )
        missed = [limit * factor for limit, factor in zip(limits, _NOT, strict=True)]
        table = np.where(is_like(*limits), np.uint8(_SHEET), np.uint8(0))
        table[~is_like(*missed)] = _OTHER
        return cls(color, table)

    def look(self, picture: Image) -> tuple[Plane, Plane]:
        """What of `picture`, uint8 (h, w, 3), BGR, surely is sheet, and what surely is none.

        Returns:
            Two uint8 (h, w) of zeros and ones.
        """
        rough = (picture >> _SHIFT).astype(np.uint16)
        place = (rough[..., 0] * _SIDE + rough[..., 1]) * _SIDE + rough[..., 2]
        kind = self.table[place]
        return kind & 1, kind >> 1

    @property
    def hue(self) -> int:
        """Its hue, in half degrees."""
        blue, green, red = (int(level) for level in np.clip(self.color, 0, 255))
        return hue_of((red, green, blue))

    @property
    def chroma(self) -> tuple[float, float]:
        """U and V of an I420 picture in this colour, from grey on."""
        patch: Image = np.full((2, 2, 3), np.clip(np.rint(self.color), 0, 255), np.uint8)
        picture = I420.from_bgr(patch)
        return float(picture.u[0, 0]) - 128, float(picture.v[0, 0]) - 128


def hue_of(color: Rgb) -> int:
    """The hue of (red, green, blue), in half degrees."""
    patch = np.full((1, 1, 3), color[::-1], np.uint8)
    return int(cv2.cvtColor(patch, cv2.COLOR_BGR2HSV)[0, 0, 0])


def find_color(
    small: Image, near: int | None, where: Plane | None, least: float
) -> npt.NDArray[np.float64] | None:
    """The colour of the sheet: the median of the pixels with the commonest green or blue.

    Args:
        small: uint8 (h, w, 3), BGR, a few thousand pixels.
        near: Its hue, where that is known.
        where: uint8 (h, w), not 0 where it may be; None for everywhere.
        least: Share of the picture that it has to fill.

    Returns:
        Blue, green and red; None where there is none.
    """
    hue, saturation, value = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2HSV))
    usable = (saturation > _LEAST_SATURATION) & (value > _LEAST_VALUE)
    if where is not None:
        usable &= where > 0
    counts = np.bincount(hue[usable], minlength=180)
    around = np.convolve(counts, np.ones(2 * _ALIKE + 1), "same")
    wanted = np.zeros(180, np.bool_)
    for low, high in _HUES if near is None else ((max(0, near - _NEAR), near + _NEAR),):
        wanted[low : high + 1] = True
    around[~wanted] = 0
    best = int(np.argmax(around))
    if around[best] < max(1.0, least * hue.size):
        return None
    alike = usable & (np.abs(hue.astype(np.int16) - best) <= _ALIKE)
    return np.asarray(np.median(small[alike], axis=0), np.float64)
