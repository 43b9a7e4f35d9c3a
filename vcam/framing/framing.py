"""From the camera's picture to one of the output's size: crop, resize, turn, zoom."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vcam.framing.follower import Follower
from vcam.framing.placement import Placement
from vcam.framing.private import PrivateAreas, hidden_in, hide
from vcam.framing.resample import resample
from vcam.framing.view import WHOLE, View
from vcam.images.resizing import shrink
from vcam.images.turn import Turn
from vcam.images.types import I420, Alpha, Box, Cutout, Image, Plane

_REACH = 1
"""Support of the resampling, in pixels."""
_COARSEST = 1.5
"""Source pixels per output pixel from which the source is halved first."""


class Framing:
    """Fills the output's frame, undistorted, with the middle of the picture or with a view of it.

    A portrait picture is shown whole in a landscape frame, with black bars.

    Each frame is framed twice: `fit` gives the whole picture for segmentation, so that the temporal
    state of segmenter and matte stays aligned; `cut` gives the visible part, from the camera's
    full-resolution pixels.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        turn: Rotation and flips of the camera's picture.
        view: The part to show, in the whole picture after turning.
        follower: Chooses the view instead, for each frame.
        private: Areas of the camera's picture that are never shown: black in every result, with an
            alpha of 0.

    Attributes:
        has_moved: Whether the last picture fitted lies differently in the frame than the one
            before: the camera changed its aspect ratio.
    """

    def __init__(
        self,
        width: int,
        height: int,
        turn: Turn = Turn(),  # noqa: B008 - it cannot be changed
        view: View = WHOLE,
        follower: Follower | None = None,
        private: PrivateAreas | None = None,
    ) -> None:
        self._size = (width, height)
        self._private = private or PrivateAreas()
        self._hidden: Plane | None = None
        self._turn = turn
        self._placement: Placement | None = None
        self.has_moved = False
        self._fixed, self._follower = view.on_grid(*grid_of(width, height)), follower
        self._picture = I420(width, height)
        self._alpha: Alpha = np.empty((height, width), np.uint8)

    def fit(self, image: Image) -> Image:
        """Crop to the output's proportions, resize and turn `image`, uint8 (h, w, 3)."""
        placement = self._placed(image)
        return self._fitted(self._private.cover(image), placement)

    def _fitted(self, image: Image, placement: Placement) -> Image:
        part = placement.part_of(image, self._turn.quarter)
        size = placement.part_size(self._turn.quarter)
        if placement.area is not None and part.shape[1] >= size[0]:
            part = shrink(part, *size)
        elif (part.shape[1], part.shape[0]) != size:
            how = cv2.INTER_AREA if part.shape[1] > size[0] else cv2.INTER_LINEAR
            part = np.asarray(cv2.resize(part, size, interpolation=how), np.uint8)
        return placement.with_borders(self._turn.apply(part))

    def _placed(self, image: Image) -> Placement:
        earlier, size = self._placement, self._turn.size_of(image)
        if earlier is None or earlier.size != size:
            self._placement = Placement(size, self._size)
            self._hidden = self._hidden_in(image, self._placement)
        now = self._placement or Placement(size, self._size)
        self.has_moved = earlier is not None and not now.lies_like(earlier)
        return now

    def _hidden_in(self, image: Image, placement: Placement) -> Plane | None:
        """The private areas of a camera's picture, in the frame."""
        if not self._private:
            return None
        height, width = image.shape[:2]
        return hidden_in(self._fitted(self._private.drawn(width, height), placement))

    def keep(self, cutout: Cutout) -> Cutout:
        """The alpha of the last picture fitted, 0 in private areas and in the bars."""
        if self._placement is None:
            return cutout
        return hide(self._placement.keep(cutout), self._hidden)

    def view(self, alpha: Alpha | None, time: float) -> View:
        """The view to show of a frame.

        Args:
            alpha: Of the whole picture, uint8 (h, w); None if there was no segmentation.
            time: When it was captured, seconds on a monotonic clock.
        """
        if self._follower is None or alpha is None:
            return self._fixed
        return self._follower.follow(alpha, time)

    def cut(self, image: Image, view: View) -> I420:
        """The view's part of a camera's picture at the output's size; valid until the next call.

        Args:
            image: As it came from the camera, uint8 (h, w, 3), BGR.
            view: What to show.
        """
        width, height = self._size
        image = self._private.cover(image)
        placement = Placement(self._turn.size_of(image), self._size)
        whole, turn = placement.part_of(image, self._turn.quarter), self._turn
        if turn.quarter or placement.area is not None:
            whole, turn = turn.apply(whole), Turn()
        begin, step = placement.across(whole)
        whole = placement.with_borders(whole)
        across, down = (
            1 - edge - view.size if flips else edge
            for edge, flips in ((view.left, turn.across), (view.top, turn.down))
        )
        steps = (view.size * step, view.size * whole.shape[0] / height)
        left, top = begin + across * width * step, down * whole.shape[0]
        part, x, y, steps = _part(whole, (left, top), steps, self._size)
        planes = I420.from_bgr(part).planes
        for plane, out, scale in zip(planes, self._picture.planes, (1, 2, 2), strict=True):
            resample(plane, x / scale, y / scale, steps, out)
            turn.apply_in_place(out)
        return self._picture

    def zoom(self, cutout: Cutout, view: View) -> Cutout:
        """The view's part of the whole picture's alpha; valid until the next call."""
        width, height = self._size
        if cutout.box is None:
            return cutout
        steps = (view.size, view.size)
        resample(cutout.alpha, view.left * width, view.top * height, steps, self._alpha)
        return Cutout(self._alpha, _seen(cutout.box, view, width, height))

    def reset(self) -> None:
        """Forget where people were: the scene has changed."""
        if self._follower is not None:
            self._follower.reset()


def grid_of(width: int, height: int) -> tuple[int, int]:
    """The grid on which resting views of a frame lie: four pixels of the output.

    For the usual sizes these are whole camera pixels, in the chroma planes too.
    """
    return max(1, width // 4), max(1, height // 4)


def _part(
    whole: Image, corner: tuple[float, float], steps: tuple[float, float], size: tuple[int, int]
) -> tuple[Image, float, float, tuple[float, float]]:
    """The pixels that a view needs, reduced if there are far too many.

    Args:
        whole: The picture it is a view of.
        corner: Its left and upper edge, pixels.
        steps: Pixels per output pixel, across and down.
        size: Width and height of the output, pixels.

    Returns:
        The part; and the view's left edge, its upper edge and the steps, in the part's pixels.
    """
    halvings = 0
    while max(steps) / 2**halvings > _COARSEST:
        halvings += 1
    block = 2**halvings
    (across, down), (left, top), (width, height) = steps, corner, size
    h, w = whole.shape[:2]
    x, y = _before(left, 2 * block), _before(top, 2 * block)
    right, bottom = (
        min(_after(edge, 2 * block), end - end % block)
        for edge, end in ((left + across * width, w), (top + down * height, h))
    )
    part = shrink(whole[y:bottom, x:right], (right - x) // block, (bottom - y) // block)
    return part, (left - x) / block, (top - y) / block, (across / block, down / block)


def _before(edge: float, block: int) -> int:
    """A multiple of `block` before `edge`, leaving the margin that resampling needs."""
    return max(0, math.floor((edge - _REACH * block) / block) * block)


def _after(edge: float, block: int) -> int:
    return math.ceil((edge + _REACH * block) / block) * block


def _seen(box: Box, view: View, width: int, height: int) -> Box | None:
    """Where a part of the whole frame lies in a view; None if outside."""
    left, right = (
        (edge - view.left * width) / view.size
        for edge in (box.x - _REACH, box.x + box.width + _REACH)
    )
    top, bottom = (
        (edge - view.top * height) / view.size
        for edge in (box.y - _REACH, box.y + box.height + _REACH)
    )
    x, y = max(0, math.floor(left / 2) * 2), max(0, math.floor(top / 2) * 2)
    right, bottom = min(width, math.ceil(right)), min(height, math.ceil(bottom))
    return Box(x, y, right - x, bottom - y) if right > x and bottom > y else None
