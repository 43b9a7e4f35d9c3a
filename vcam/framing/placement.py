"""Where a camera's picture lies in the output's frame."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vcam.images.types import Box, Cutout, Image


class Placement:
    """Fills a frame with the middle of a picture; a portrait one is shown whole in a wide frame.

    Args:
        size: Width and height of the picture, pixels.
        frame: Of the frame.

    Attributes:
        size: As given.
        area: The part of the frame that the picture occupies; None if that is all.
    """

    def __init__(self, size: tuple[int, int], frame: tuple[int, int]) -> None:
        self.size, self._frame = size, frame
        (width, height), (across, down) = size, frame
        is_upright = height > width and across >= down and height * across > width * down
        self.area = _in_the_middle(width / height, across, down) if is_upright else None

    def lies_like(self, other: Placement) -> bool:
        """Whether the same place in the scene has the same place in the frame."""
        (w, h), (their_w, their_h) = self.size, other.size
        return abs(w * their_h - their_w * h) <= 0.01 * w * their_h

    def part_of(self, image: Image, quarter: bool) -> Image:
        """The visible part of a picture, which may still have to be turned by a quarter."""
        if self.area is not None:
            return image
        across, down = self._frame
        return middle(image, down / across if quarter else across / down)

    def part_size(self, quarter: bool) -> tuple[int, int]:
        """Width and height that this part has in the frame, before it is turned."""
        width, height = self._frame if self.area is None else (self.area.width, self.area.height)
        return (height, width) if quarter else (width, height)

    def with_borders(self, image: Image) -> Image:
        """A turned part of any size, with black bars where it does not fill the frame."""
        if self.area is None:
            return image
        left, step = self._left_of(image), self._step_of(image)
        beside = self._frame[0] - self.area.x - self.area.width
        right = math.ceil(beside * step)
        return np.asarray(
            cv2.copyMakeBorder(image, 0, 0, left, right, cv2.BORDER_CONSTANT), np.uint8
        )

    def across(self, image: Image) -> tuple[float, float]:
        """How a turned part of any size lies across the frame once it is `with_borders`.

        Its whole pixels rarely are what the frame's come to; this tells where they are exactly,
        so that alpha found in the frame belongs to the same places.

        Returns:
            Where the frame begins in it, pixels; and its pixels to one of the frame.
        """
        step = self._step_of(image)
        return (0.0 if self.area is None else self._left_of(image) - self.area.x * step), step

    def _step_of(self, image: Image) -> float:
        width: int = image.shape[1]
        return width / (self._frame[0] if self.area is None else self.area.width)

    def _left_of(self, image: Image) -> int:
        return 0 if self.area is None else round(self.area.x * self._step_of(image))

    def keep(self, cutout: Cutout) -> Cutout:
        """`alpha` set to 0 outside the camera's picture, in place."""
        if self.area is None or cutout.box is None:
            return cutout
        left, right = self.area.x, self.area.x + self.area.width
        cutout.alpha[:, :left] = 0
        cutout.alpha[:, right:] = 0
        box = cutout.box
        x, end = max(box.x, left), min(box.x + box.width, right)
        return Cutout(cutout.alpha, Box(x, box.y, end - x, box.height) if end > x else None)


def middle(image: Image, proportion: float) -> Image:
    """The largest middle part of `image` with the given width / height."""
    height, width = image.shape[:2]
    new_width = min(width, round(height * proportion))
    new_height = min(height, round(width / proportion))
    x, y = (width - new_width) // 2, (height - new_height) // 2
    return image[y : y + new_height, x : x + new_width]


def _in_the_middle(proportion: float, across: int, down: int) -> Box:
    """A part of the frame as high as it is, with an even left edge."""
    width = min(across, max(2, 2 * round(down * proportion / 2)))
    return Box((across - width) // 4 * 2, 0, width, down)
