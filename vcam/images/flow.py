"""Optical flow: where what is in a picture was in the one before, and what was nowhere there."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.resizing import shrink
from vcam.images.types import Mask, Plane

_WIDTH = 160
"""Pixels across, about, of the pictures that are compared."""
_FINEST, _STRIDE, _STEPS = 1, 5, 8
"""Of the search: as good as OpenCV's quickest preset at twice the size, at half its cost."""
_NOISE, _SLOPE = 10, np.float32(0.1)
"""Levels that are noise or the picture's finest detail; from there on it is the less explained."""
_LEVELS = np.arange(256, dtype=np.float32)


class FlowFinder:
    """Finds the flow between pictures of a stream.

    The search is that of Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016.
    """

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOpticalFlow_PRESET_ULTRAFAST)
        self._search.setFinestScale(_FINEST)
        self._search.setPatchStride(_STRIDE)
        self._search.setGradientDescentIterations(_STEPS)
        self._now: Plane | None = None
        self._reduced: Plane | None = None

    def find(self, before: Plane, now: Plane) -> Flow:
        """The flow from one picture to the next.

        Args:
            before: uint8 (h, w), grey.
            now: The later one, of the same size; not changed afterwards.
        """
        earlier = self._reduced if self._now is before else None
        then = _reduced(before) if earlier is None else earlier
        self._now, self._reduced = now, _reduced(now)
        steps = np.zeros((*then.shape, 2), np.float32)  # where the search begins
        return Flow(self._search.calc(self._reduced, then, steps), then, self._reduced)


class Flow:
    """The way from each pixel of a picture to where it was in the one before.

    Args:
        steps: float32 (h, w, 2): across and down, pixels of the reduced pictures.
        before: The earlier picture, uint8 (h, w), grey.
        now: The later one.
    """

    def __init__(self, steps: cv2.typing.MatLike, before: Plane, now: Plane) -> None:
        self._steps, self._before, self._now = steps, before, now
        self._places: dict[tuple[int, ...], npt.NDArray[np.float32]] = {}
        self._unexplained: Mask | None = None

    def carry(self, mask: Mask) -> Mask:
        """A mask of the earlier picture, float32 (h, w) of any size, for the later; a new array."""
        return np.asarray(self._moved(mask), np.float32)

    @property
    def unexplained(self) -> Mask:
        """How surely something is in the later picture that was nowhere in the earlier.

        float32 (h, w) in 0..1, of the reduced pictures. What all of the picture does at once
        does not count.
        """
        if self._unexplained is None:
            expected = self._moved(self._before)
            brighter = float(cv2.mean(self._now)[0] - cv2.mean(expected)[0])
            expected = cv2.addWeighted(expected, 1, expected, 0, brighter)
            levels = cv2.blur(cv2.absdiff(self._now, expected), (3, 3))
            sure = np.clip((_LEVELS - _NOISE) * _SLOPE, 0, 1)
            self._unexplained = np.asarray(cv2.LUT(levels, sure), np.float32)
        return self._unexplained

    def _moved(self, plane: npt.NDArray[np.float32] | Plane) -> cv2.typing.MatLike:
        places = self._places_in(plane.shape)
        return cv2.remap(plane, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def _places_in(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """Where each pixel of a plane of that shape was: float32 (h, w, 2)."""
        if shape not in self._places:
            (height, width), (rows, columns) = shape, self._now.shape
            steps = cv2.resize(self._steps, (width, height), interpolation=cv2.INTER_LINEAR)
            steps = cv2.multiply(steps, (width / columns, height / rows, 0, 0))
            self._places[shape] = np.asarray(cv2.add(steps, _grid(height, width)), np.float32)
        return self._places[shape]


_grids: dict[tuple[int, int], npt.NDArray[np.float32]] = {}


def _grid(height: int, width: int) -> npt.NDArray[np.float32]:
    if (height, width) not in _grids:
        across, down = np.meshgrid(np.arange(width), np.arange(height))
        _grids[height, width] = np.stack([across, down], -1).astype(np.float32)
    return _grids[height, width]


def _reduced(gray: Plane) -> Plane:
    factor = max(1, round(gray.shape[1] / _WIDTH))
    height, width = (max(1, side // factor) for side in gray.shape)
    return shrink(gray, width, height)
