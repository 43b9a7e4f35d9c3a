"""Having a network look at a part of a picture."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.pyramid import Pyramid
from vcam.images.region import Region
from vcam.images.resizing import shrink
from vcam.images.types import Image, Mask, check_mask
from vcam.segmenters.engines import Engine
from vcam.segmenters.exposed import exposed

WHOLE = Region(0, 0, 1, 1)

_HAND = 0.055
"""Of the picture's width."""
_BODY, _WITHIN = 0.9, 7
"""Mask value of who is certainly there, and pixels of the flow round a place that must have it."""


def look(engine: Engine, pyramid: Pyramid, region: Region) -> Mask:
    """The engine's mask of a region, put where it belongs; 0 elsewhere.

    Returns:
        float32 in 0..1 of the size of `pyramid.small`; a new array.

    Raises:
        SegmenterError: The engine failed, or what it gave is no mask. What is made of one
            that is too large, or holds no numbers, may look like a mask again.
    """
    picture, box = _cut(pyramid, region, engine.size)
    mask = engine.run(exposed(shrink(picture, *engine.size)))
    check_mask(mask)
    grid_height, grid_width = pyramid.small.shape[:2]
    x, y, width, height = box
    across = width * grid_width / mask.shape[1]
    down = height * grid_height / mask.shape[0]
    # Pixels' middles fall on each other, hence the halves.
    place = np.array(
        [
            [across, 0, x * grid_width + (across - 1) / 2],
            [0, down, y * grid_height + (down - 1) / 2],
        ]
    )
    size = (grid_width, grid_height)
    return np.asarray(cv2.warpAffine(mask, place, size, flags=cv2.INTER_LINEAR), np.float32)


def moving_share(motion: Mask, region: Region) -> float:
    """Share of a region that has moved; `motion` is the pyramid's."""
    return float(motion[region.pixels(*motion.shape[::-1])].mean())


def largest_news(unexplained: Mask, region: Region, mask: Mask) -> float:
    """How surely something new is in a place as large as a hand that may change somebody's mask.

    A hand before the own chest changes nothing: what lies well within the mask does not count.

    Args:
        unexplained: Of the flow, float32 (h, w) in 0..1.
        region: Where to look.
        mask: float32 in 0..1 of any size.
    """
    height, width = unexplained.shape
    area, side = region.pixels(width, height), max(1, round(_HAND * width))
    body = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)[area]
    inner = cv2.erode((body > _BODY).view(np.uint8), np.ones((_WITHIN, _WITHIN), np.uint8))
    outer = unexplained[area] * (inner == 0)
    return cv2.minMaxLoc(cv2.blur(outer, (side, side)))[1]


def motion_beside(motion: Mask, regions: list[Region]) -> float:
    """Share of the picture that has moved outside of all `regions`."""
    rest = motion.copy()
    for region in regions:
        rest[region.pixels(*motion.shape[::-1])] = 0
    return float(rest.mean())


def _cut(
    pyramid: Pyramid, region: Region, size: tuple[int, int]
) -> tuple[Image, tuple[float, float, float, float]]:
    """The region's pixels, from the reduced picture where that has enough of them.

    Returns:
        uint8 (h, w, 3), and where exactly it lies: x, y, width and height in fractions.
    """
    height, width = pyramid.middle.shape[:2]
    wide, tall = (region.right - region.left) * width, (region.bottom - region.top) * height
    image = pyramid.middle if wide >= size[0] and tall >= size[1] else pyramid.image
    height, width = image.shape[:2]
    rows, columns = region.pixels(width, height)
    box = (
        columns.start / width,
        rows.start / height,
        (columns.stop - columns.start) / width,
        (rows.stop - rows.start) / height,
    )
    return image[rows, columns], box
