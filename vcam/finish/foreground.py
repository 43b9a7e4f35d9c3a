"""The person's own colours, without the room's colours mixed in at the edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import cv2.typing
import numpy as np
import numpy.typing as npt

from vcam import native
from vcam.images.resizing import shrink
from vcam.images.types import I420, Alpha, Layer, Plane

_Floats: TypeAlias = npt.NDArray[np.float32]
_Places: TypeAlias = npt.NDArray[np.intp]

_CELL = 8
"""Pixels to a side of the cells that colours are averaged over."""
_REACH = 3
"""Cells to a side of the neighbourhood: 12 pixels each way."""
_ROOM, _PERSON = 7, 248
"""Alphas up to the first count as room, from the second on as person: nothing to correct."""
_HARDLY = 1e-4
"""Weight of what is none of the person's (or none of the room's): it counts where nothing is."""
_ALPHA = np.arange(256, dtype=np.float64) / 255
_OF_PERSON = (_ALPHA**2 + _HARDLY).astype(np.float32)
_OF_ROOM = ((1 - _ALPHA) ** 2 + _HARDLY).astype(np.float32)


class Foreground:
    """Removes the room's colour from edge pixels.

    A pixel of the camera shows I = a F + (1 - a) B, the person's colour F mixed with the room's
    B; blended before another background, B would stay as a rim. F is estimated by blur fusion
    (Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021): F' and B', means of the
    neighbourhood weighted by alpha and by 1 - alpha (here: by their squares, so that what is
    surely one or the other counts most), then F = F' + a (I - a F' - (1 - a) B'). The means are
    taken over cells of 8 pixels, and F is worked out only where alpha is in between, with one
    alpha for the four pixels of a chroma sample.

    All is linear in the colours, so BGR planes give the same as Y, U and V, but for rounding.

    Args:
        strength: 0 (the colours as they are) to 1 (F).
    """

    def __init__(self, strength: float) -> None:
        self._strength = strength / 255

    def clean(self, planes: Sequence[Plane], half_alpha: Alpha) -> None:
        """Change `planes` to the person's own colours, where `half_alpha` is in between.

        Args:
            planes: uint8, contiguous, of one part of a picture, each of full or of half size.
            half_alpha: uint8 (h, w), the alpha at half size, rounded up.
        """
        if not self._strength:
            return
        library = native.library()
        if library is None:
            self._clean(planes, half_alpha)
            return
        height, width = half_alpha.shape
        room = np.empty(library.vcam_edges_memory(width, height), np.float32)
        memory = native.data(room)
        alpha = (native.data(half_alpha), half_alpha.strides[0], width, height)
        library.vcam_edges_look_at(*alpha, memory)
        for plane in planes:
            size = (plane.shape[1], plane.shape[0])
            library.vcam_edges_clean(
                native.data(plane), plane.strides[0], *size, *alpha, self._strength, memory
            )

    def _clean(self, planes: Sequence[Plane], half_alpha: Alpha) -> None:
        band = cv2.inRange(half_alpha, _ROOM + 1, _PERSON - 1)
        found = np.flatnonzero(np.asarray(band).view(np.bool_))
        if not found.size:
            return
        row = found // half_alpha.shape[1]
        column = found - row * half_alpha.shape[1]
        level = half_alpha.take(found)
        # F = I + (1 - a) (F' + a (F' - B') - I)
        missing = (255 - level) * np.float32(self._strength)
        kept, share = 1 - missing, level * (missing / 255)
        person, room = _means(planes, half_alpha)
        places = _nearest(row * 2 // _CELL, column * 2 // _CELL, person[0].shape)
        full = {plane.shape for plane in planes} - {half_alpha.shape}
        quads = {shape: _quads(row, column, shape) for shape in full}
        quads[half_alpha.shape] = found
        for plane, fore, back in zip(planes, person, room, strict=True):
            own, pixels, where = fore.take(places), plane.reshape(-1), quads[plane.shape]
            added = missing * own + share * (own - back.take(places)) + np.float32(0.5)
            color = pixels.take(where) * kept
            color += added
            pixels[where] = np.clip(color, 0, 255, out=color)


def _quads(row: _Places, column: _Places, shape: tuple[int, ...]) -> _Places:
    """The four pixels of each chroma sample, as indices (4, n) in a plane of that shape."""
    height, width = shape
    if height % 2 or width % 2:  # the last sample stands for fewer
        quads = [_nearest(2 * row + y, 2 * column + x, shape) for y in (0, 1) for x in (0, 1)]
        return np.stack(quads)
    offsets = np.array([[0], [1], [width], [width + 1]], np.intp)
    return np.asarray(2 * (row * width + column) + offsets, np.intp)


def _nearest(row: _Places, column: _Places, shape: tuple[int, ...]) -> _Places:
    """Indices in a plane of that shape."""
    height, width = shape
    return np.minimum(row, height - 1) * width + np.minimum(column, width - 1)


def _means(planes: Sequence[Plane], half_alpha: Alpha) -> tuple[list[_Floats], list[_Floats]]:
    """F' and B' of each plane, in cells."""
    alpha, *colors = (_in_cells(plane, half_alpha.shape) for plane in (half_alpha, *planes))
    return _weighted(colors, cv2.LUT(alpha, _OF_PERSON)), _weighted(
        colors, cv2.LUT(alpha, _OF_ROOM)
    )


def _in_cells(plane: Plane, half: tuple[int, ...]) -> Plane:
    """Means of cells; what is left over at the right and lower edge is cut off."""
    height, width = (max(1, 2 * side // _CELL) for side in half)
    side = _CELL if plane.shape != half else _CELL // 2
    part = plane[: height * side, : width * side]
    if part.shape == (height * side, width * side):
        return shrink(part, width, height)
    return _in_unequal_cells(part, side)


def _in_unequal_cells(plane: Plane, side: int) -> Plane:
    """The same where the last ones have fewer pixels, because a side is odd or shorter."""
    rows, columns = (np.arange(0, length, side) for length in plane.shape)
    sums = np.add.reduceat(np.add.reduceat(plane, rows, 0, np.uint32), columns, 1)
    counts = np.multiply.outer(
        np.diff(rows, append=plane.shape[0]), np.diff(columns, append=plane.shape[1])
    )
    return np.asarray(np.rint(sums / counts), np.uint8)


def _weighted(colors: Sequence[Plane], weights: cv2.typing.MatLike) -> list[_Floats]:
    """The weighted mean of each cell's neighbourhood."""
    total = _mean(weights)
    means = (cv2.divide(_mean(plane * weights), total) for plane in colors)
    return [np.asarray(mean, np.float32) for mean in means]


def _mean(cells: cv2.typing.MatLike) -> cv2.typing.MatLike:
    return cv2.blur(cells, (_REACH, _REACH), borderType=cv2.BORDER_REPLICATE)


class CleanEdges:
    """Gives edge pixels the person's own colours; implements `Effect`. See `Foreground`.

    Args:
        strength: 0 (as they are) to 1.
    """

    def __init__(self, strength: float) -> None:
        self._foreground = Foreground(strength)

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        """Clean the edges."""
        self._foreground.clean(layer.planes, layer.chroma_alpha)
