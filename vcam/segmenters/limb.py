"""An arm stretched towards the camera, so near and blurred that networks are half sure of it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Mask, Plane

_HALF, _UNSEEN, _BODY = 0.2, 0.4, 0.5
_REACH, _NEXT = np.ones((7, 7), np.uint8), np.ones((3, 3), np.uint8)
_MOST = 0.4
"""Share of somebody's size that it has at most."""
_MOVED = 0.25
"""Share of its outline that must have moved: a piece of the room keeps still."""
_ENCLOSED = 0.9
"""Share of a hole's outline that is the limb's, or lies at the picture's edge."""

_Cells = npt.NDArray[np.bool_]


def limb_at_the_edge(found: _Cells, most: Mask, least: Mask, moved: Mask) -> Mask:
    """All of a limb of which a piece is known to be somebody's.

    What is half seen, hangs together with that piece and is cut by the picture's left, right or
    upper edge, is the rest of the limb, if its outline has moved; so are the holes in it that are
    open to that edge only.

    Args:
        found: bool (h, w), the piece.
        most: float32 (h, w) in 0..1, by the network that sees more in each pixel.
        least: The same, by the one that sees less.
        moved: The same, where something has moved lately.

    Returns:
        float32 (h, w), 1 there and 0 elsewhere.
    """
    nothing = np.zeros(most.shape, np.float32)
    half = ((most > _HALF) & (np.asarray(cv2.dilate(least, _REACH)) < _UNSEEN)).view(np.uint8)
    count, labels = cv2.connectedComponents(half)
    is_limb = np.bincount(labels[found], minlength=count) > 0
    is_limb &= np.bincount(_along_edges(np.asarray(labels, np.int32)), minlength=count) > 0
    is_limb[0] = False
    limb = is_limb[labels]
    area = np.count_nonzero(limb)
    if area == 0 or area > _MOST * np.count_nonzero(least > _BODY):
        return nothing
    limb |= _holes(limb, most)
    return np.asarray(limb, np.float32) if _moves(limb, least, moved) else nothing


def _moves(limb: _Cells, least: Mask, moved: Mask) -> bool:
    """Whether the outline of a limb has moved, away from the body and the picture's edge."""
    edge = np.asarray(cv2.morphologyEx(limb.view(np.uint8), cv2.MORPH_GRADIENT, _NEXT)) > 0
    edge &= np.asarray(cv2.dilate((least > _BODY).view(np.uint8), _REACH)) == 0
    edge[:2] = edge[:, :2] = edge[:, -2:] = False
    return bool(edge.any() and moved[edge].mean() > _MOVED)


def _along_edges(plane: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The pixels at the left, right and upper edge."""
    return np.concatenate([plane[:, 0], plane[:, -1], plane[0]])


def _holes(limb: _Cells, most: Mask) -> _Cells:
    """What a limb and the picture's edge enclose, smaller than the limb."""
    empty: Plane = ((most <= _HALF) & ~limb).view(np.uint8)
    count, found, stats, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    labels, holes = np.asarray(found, np.int32), np.zeros(limb.shape, np.bool_)
    near = np.asarray(cv2.dilate(limb.view(np.uint8), _NEXT)) > 0
    for part in range(1, count):
        if stats[part, cv2.CC_STAT_AREA] < np.count_nonzero(limb):
            where = labels == part
            outline = (np.asarray(cv2.dilate(where.view(np.uint8), _NEXT)) > 0) & ~where
            if near[where].any() and limb[outline].mean() >= _ENCLOSED:
                holes |= where
    return holes
