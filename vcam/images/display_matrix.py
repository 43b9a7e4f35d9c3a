"""The orientation and pixel aspect ratio of a video's frames."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import cast

import numpy as np
from av import VideoFrame
from av.sidedata.sidedata import SideData, Type

from vcam.images.turn import Turn

_MOST = 8
"""Pixel aspect ratios beyond this factor are ignored as wrong."""


def read_turn(frame: VideoFrame) -> Turn:
    """The turn of a video's display matrix, to the next right angle (ISO/IEC 14496-12, 6.2.2)."""
    datas = cast(Iterable[SideData], frame.side_data)
    found = next((bytes(data) for data in datas if data.type == Type.DISPLAYMATRIX), b"")
    if len(found) != 36:
        return Turn()
    matrix = np.frombuffer(found, np.int32)
    a, b, c, d = (int(matrix[place]) for place in (0, 1, 3, 4))
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Turn(True, c >= 0, b < 0)
    return Turn(False, a < 0, d < 0)


def shown_size(frame: VideoFrame, pixel_aspect: Fraction | None) -> tuple[int, int]:
    """Width and height of a frame with square pixels, before it is turned.

    Pixels that are not square are stretched, never shrunk: no detail is lost.
    """
    width, height = frame.width, frame.height
    aspect = pixel_aspect or Fraction(1)
    if not Fraction(1, _MOST) <= aspect <= _MOST:
        return width, height
    return (round(width * aspect), height) if aspect >= 1 else (width, round(height / aspect))
