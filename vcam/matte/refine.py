"""From a segmenter's raw mask to the alpha that the compositor blends with."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.pyramid import Pyramid
from vcam.images.types import Alpha, Box, Cutout, Image, Mask, Plane, check_mask
from vcam.matte.guided import REACH, GuidedFilter
from vcam.matte.smoothing import Smoothing

_STEP_AND_PASSES = {"half": (2, 2), "full": (1, 2), "fine": (1, 4)}
"""The guided filter's step and passes."""
_CONTRAST = 1.25
"""Gain after the guided filter, which never quite reaches 0 and 1."""
_LEAST_SIGMA = 0.1
"""A Gaussian with a smaller sigma, in pixels, has no effect; OpenCV refuses tiny ones."""
_LEAST_SURE = 0.05
"""Lowest threshold: networks give lower values to empty rooms."""


class Matte:
    """Refines a mask at a reduced size, guided by the picture, and enlarges it once.

    Args:
        threshold: Mask value that becomes half visible, clamped to 0.05..1.
        softness: Width of the linear ramp round it, in mask values: 0 gives a hard edge, 1 leaves
            the mask unchanged. The ramp never extends beyond 0 or 1: with any settings a mask of 0
            gives an alpha of 0.
        edges: "picture" moves the edges to where the picture's colours change; "mask" keeps the
            mask's edges.
        detail: "full" compares colours at the mask's size, "half" at half of that, "fine" as
            "full" but more often.
        smoothing: Over time, 0 (none) to 1.
        choke: Pixels by which the person is made narrower (above 0) or wider (below 0).
        feather: Pixels over which the edge is blurred.
    """

    def __init__(
        self,
        threshold: float = 0.5,
        softness: float = 0.7,
        edges: str = "mask",
        detail: str = "full",
        smoothing: float = 0,
        choke: float = 0,
        feather: float = 0,
    ) -> None:
        threshold = max(threshold, _LEAST_SURE)
        width = min(softness, 2 * threshold, 2 * (1 - threshold))
        self._threshold = np.float32(threshold)
        self._slope = np.float32(1 / max(width, 1e-6))
        self._base = min(np.float32(0.5), self._threshold * self._slope)  # so that 0 stays 0
        self._filter: GuidedFilter | None = None
        if edges == "picture":
            self._filter = GuidedFilter(*_STEP_AND_PASSES[detail], contrast=_CONTRAST)
        self._smoothing = Smoothing(smoothing)
        self._choke, self._feather = choke, feather
        self._alpha: Alpha = np.empty((0, 0), np.uint8)
        self._box: Box | None = None

    def refine(self, mask: Mask, pyramid: Pyramid) -> Cutout:
        """The alpha of the pyramid's picture.

        Args:
            mask: float32 (mh, mw) in 0..1, of any size, covering the whole picture.
            pyramid: That same picture.

        Returns:
            The alpha, uint8 of the picture's size, and where it is not 0; valid until the next
            call.

        Raises:
            SegmenterError: The mask has the wrong shape, NaNs or values out of range. Nothing of
                the frame may be shown then.
        """
        check_mask(mask)
        small = pyramid.small
        size = (small.shape[1], small.shape[0])
        if mask.shape != small.shape[:2]:
            mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), np.float32)
        is_empty = cv2.countNonZero(mask) == 0
        if pyramid.is_first or is_empty:  # the motion is unknown, or nobody is there
            self._smoothing.reset()
        mask = self._smoothing.apply(mask, pyramid.motion, pyramid.time)
        sloped = (mask - self._threshold) * self._slope + self._base
        np.clip(sloped, 0, 1, out=sloped)
        height, width = pyramid.image.shape[:2]
        if self._alpha.shape != (height, width):
            self._alpha, self._box = np.zeros((height, width), np.uint8), None
        if self._box is not None:
            self._alpha[self._box.area] = 0
        self._box = self._draw(sloped, pyramid)
        return Cutout(self._alpha, self._box)

    def _draw(self, mask: npt.NDArray[np.float32], pyramid: Pyramid) -> Box | None:
        """Write the alpha where there is somebody; returns that region."""
        where = _surroundings((mask > 0).view(np.uint8), REACH)
        if where is None:
            return None
        middle_area = _doubled(where, pyramid.middle)
        sharp = self._sharpened(
            np.ascontiguousarray(mask[where.area]),
            np.ascontiguousarray(pyramid.small[where.area]),
            pyramid.middle[middle_area.area],
        )
        sharp = self._shaped(sharp, pyramid.factor)
        part = _surroundings(sharp, 1)
        if part is None:
            return None
        return self._enlarge(sharp, part, middle_area, pyramid)

    def _sharpened(self, mask: npt.NDArray[np.float32], small: Image, middle: Image) -> Plane:
        """`mask` at the size of `middle`, in 0..255."""
        size = (middle.shape[1], middle.shape[0])
        if self._filter is None:
            # Cubic: a linear enlargement shows the mask's grid as steps along the outline.
            grown = cv2.resize(mask, size, interpolation=cv2.INTER_CUBIC)
            return np.asarray(cv2.addWeighted(grown, 255, grown, 0, 0, dtype=cv2.CV_8U))
        return self._filter.apply(mask, small, middle)

    def _shaped(self, alpha: Plane, factor: float) -> Plane:
        """`alpha` narrowed or widened, then blurred."""
        steps = round(abs(self._choke) / factor)
        if self._choke and steps == 0:
            steps = 1
        if steps:
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * steps + 1,) * 2)
            change = cv2.erode if self._choke > 0 else cv2.dilate
            alpha = np.asarray(change(alpha, kernel), np.uint8)
        sigma = self._feather / factor
        if sigma > _LEAST_SIGMA:
            alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), sigma), np.uint8)
        return alpha

    def _enlarge(self, sharp: Plane, part: Box, area: Box, pyramid: Pyramid) -> Box:
        """Write `part` of `sharp`, which is `area` of the middle picture, to the alpha."""
        if not pyramid.is_exact:
            return self._enlarge_all(sharp, part, area, pyramid.middle.shape[:2])
        n = int(pyramid.factor)
        height, width = self._alpha.shape
        x, y = n * (area.x + part.x), n * (area.y + part.y)
        grown = (n * part.width, n * part.height)
        right, lower = x + grown[0], y + grown[1]
        target = self._alpha[y:lower, x:right]
        if target.shape == grown[::-1]:
            cv2.resize(sharp[part.area], grown, dst=target, interpolation=cv2.INTER_LINEAR)
        else:  # fewer pixels than `n` along a side have one there in the middle picture
            enlarged = cv2.resize(sharp[part.area], grown, interpolation=cv2.INTER_LINEAR)
            target[:] = enlarged[: height - y, : width - x]
        # The picture's last pixels, which have none in the middle picture, are as those beside.
        if right == n * pyramid.middle.shape[1]:
            self._alpha[y:lower, right:] = self._alpha[y:lower, right - 1 : right]
            right = width
        if lower == n * pyramid.middle.shape[0]:
            self._alpha[lower:, x:right] = self._alpha[lower - 1 : lower, x:right]
            lower = height
        return Box(x, y, right - x, lower - y)

    def _enlarge_all(self, sharp: Plane, part: Box, area: Box, middle: tuple[int, ...]) -> Box:
        """The same for a fractional factor, where the middle picture covers all pixels."""
        height, width = self._alpha.shape
        whole = np.zeros(middle, np.uint8)
        left, top = area.x + part.x, area.y + part.y
        right, lower = left + part.width, top + part.height
        whole[top:lower, left:right] = sharp[part.area]
        cv2.resize(whole, (width, height), dst=self._alpha, interpolation=cv2.INTER_LINEAR)
        across, down = width / middle[1], height / middle[0]
        x = max(0, _even_below((left - 1) * across))
        y = max(0, _even_below((top - 1) * down))
        return Box(
            x,
            y,
            min(width, -_even_below(-(right + 1) * across)) - x,
            min(height, -_even_below(-(lower + 1) * down)) - y,
        )

    def reset(self) -> None:
        """Forget earlier masks."""
        self._smoothing.reset()


def _doubled(small: Box, middle: Image) -> Box:
    """A part of the small picture in pixels of the middle one, with a leftover row or column."""
    height, width = middle.shape[:2]
    x, y = 2 * small.x, 2 * small.y
    right, lower = x + 2 * small.width, y + 2 * small.height
    return Box(
        x,
        y,
        (width if right >= width - 1 else right) - x,
        (height if lower >= height - 1 else lower) - y,
    )


def _even_below(value: float) -> int:
    """Round down to an even number."""
    return int(np.floor(value / 2)) * 2


def _surroundings(plane: Plane, margin: int) -> Box | None:
    """The part of `plane` that contains everything but 0, plus a margin.

    Its edges are even, so that chroma samples are whole, except where it ends with `plane`.
    """
    x, y, width, height = cv2.boundingRect(plane)
    if not width:
        return None
    left, top = max(0, x - margin) & ~1, max(0, y - margin) & ~1
    right = min(plane.shape[1], (x + width + margin + 1) & ~1)
    bottom = min(plane.shape[0], (y + height + margin + 1) & ~1)
    return Box(left, top, right - left, bottom - top)
