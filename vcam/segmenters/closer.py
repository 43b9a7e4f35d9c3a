"""A second inference on people's heads and shoulders, where a mask's finest edges are."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.region import Region
from vcam.images.types import Mask
from vcam.segmenters.crop import Crop
from vcam.segmenters.people import shows_most

_UPPER = 0.5
"""Share of the people's height that is evaluated."""
_SOMEBODY = 0.4
_MOST = 0.7
"""Share of the people that must be found again, or the result is discarded."""
_BELOW, _BESIDE = 0.25, 0.06
"""Shares of the look, at its lower end and at its sides, in which it counts less and less: what it
cuts off there looks like nobody."""
_SEEN, _LOST = 0.7, 0.4
_THICK = 0.04
"""Of the mask's width: what is lost and wider than that is no scrap of the room but a piece of
somebody, such as a bald head."""


class CloserLook:
    """Has a network look at the upper half of the people only, in four times as many pixels.

    What it then sees counts twice as much as the mask: of both the weighted geometric mean is
    taken, as pieces of the room that are taken for people are rarely the same in both. It has a
    say along the outline only: where it lacks a whole piece of somebody, it has failed.
    """

    def __init__(self) -> None:
        self._crop: Crop | None = None

    def refine(
        self, mask: Mask, people: Region, proportions: float, see: Callable[[Region], Mask]
    ) -> None:
        """Refine `mask` in place.

        Args:
            mask: float32 (h, w) in 0..1.
            people: Where they are.
            proportions: Of the picture, width over height.
            see: Gives the network's mask, as large as `mask`, of a part of the picture.
        """
        upper = _upper_part(mask, people)
        if upper is None:
            return
        if self._crop is None:
            self._crop = Crop.round(upper, proportions)
        else:
            self._crop.follow(upper)
        region = self._crop.region
        height, width = mask.shape
        area = (
            slice(int(np.ceil(region.top * height)), int(region.bottom * height)),
            slice(int(np.ceil(region.left * width)), int(region.right * width)),
        )
        rough, fine = mask[area], see(region)[area]
        if not shows_most(fine, rough, _MOST):
            return
        both = cv2.pow(rough * fine * fine, 1 / 3)
        weights = _weights(region, *rough.shape)
        weights[whole_pieces((rough > _SEEN) & (fine < _LOST), _THICK * width)] = 0
        rough += weights * (both - rough)

    def forget(self) -> None:
        """Nobody is there."""
        self._crop = None


def _upper_part(mask: Mask, people: Region) -> Region | None:
    """Where the upper part of the people is; None if there is none."""
    height, width = mask.shape
    bottom = people.top + _UPPER * (people.bottom - people.top)
    rows = mask[int(people.top * height) : int(np.ceil(bottom * height))]
    columns = np.flatnonzero((rows > _SOMEBODY).any(0))
    if not columns.size:
        return None
    return Region(float(columns[0] / width), people.top, float((columns[-1] + 1) / width), bottom)


def whole_pieces(differs: npt.NDArray[np.bool_], thick: float) -> npt.NDArray[np.bool_]:
    """The pieces of `differs`, bool (h, w), wider than so many pixels, and what is round them."""
    size = max(3, round(thick))
    kernel = np.ones((size, size), np.uint8)
    pieces = cv2.morphologyEx(differs.view(np.uint8), cv2.MORPH_OPEN, kernel)
    if not pieces.any():
        return np.zeros(differs.shape, np.bool_)
    return np.asarray(cv2.dilate(pieces, np.ones((2 * size + 1,) * 2, np.uint8))) > 0


def _weights(region: Region, height: int, width: int) -> Mask:
    """How much a look at `region` counts: float32 (height, width) in 0..1."""
    rows = (np.arange(height, 0, -1, dtype=np.float32) / (_BELOW * height)).clip(0, 1)
    columns = np.ones(width, np.float32)
    ramp = (np.arange(width, dtype=np.float32) / (_BESIDE * width)).clip(0, 1)
    if region.left > 0:
        columns *= ramp
    if region.right < 1:
        columns *= ramp[::-1]
    return np.asarray(np.outer(rows, columns), np.float32)
