"""A stream's newest picture at the sizes that the stages work at, each made once."""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.flow import Flow, FlowFinder
from vcam.images.median import upper_median
from vcam.images.resizing import shrink
from vcam.images.timing import FRAME
from vcam.images.types import Image, Mask, Plane

_LONGEST = 640
"""Of the middle picture's sides, in pixels: rules that count its cells mean the same share of the
picture whatever size that has."""
_APART = 0.75 * FRAME
"""Seconds between two pictures of which one shows what has moved since the other."""
_MOST_EARLIER = 8
"""Pictures that are kept for that: enough for 240 a second."""
_MOST_NOISE = 12
"""In levels, of `drift`: what half of the picture changes by more than this is no noise."""


class Pyramid:
    """The newest picture of one stream and its reductions, made when first asked for.

    The longer side of `middle` has 640 pixels, or as many as a smaller picture has. Where that is
    a whole `factor` less than the picture's (640, 1280, 1920 ...), one pixel of `middle` stands
    for exactly `factor` x `factor` pixels of the picture; otherwise all of `middle` for all of it.
    One pixel of `small` stands for 2 x 2 pixels of `middle`. What is left over at the right and
    lower edges of exact sizes, fewer pixels than that, has none.

    Attributes:
        image: The picture, uint8 (h, w, 3), BGR. Not copied.
        factor: Pixels of `image` along each side of a pixel of `middle`, at least 1.
        time: Of the picture, in seconds on a clock that never runs backwards; None if unknown.
    """

    def __init__(self, image: Image | None = None) -> None:
        self._earlier: deque[tuple[float | None, Plane]] = deque(maxlen=_MOST_EARLIER)
        self._marked: Plane | None = None
        self._gray: Plane | None = None
        self._finder: FlowFinder | None = None
        self.time: float | None = None
        self.image: Image = np.zeros((2, 2, 3), np.uint8)
        self.load(self.image if image is None else image)
        self._earlier.clear()

    def load(self, image: Image, time: float | None = None) -> None:
        """Go on to the stream's next picture.

        Args:
            image: uint8 (h, w, 3), BGR, of any size.
            time: Its time, in seconds.
        """
        if image.shape != self.image.shape:
            self._earlier.clear()
            self._marked = None
        elif self._gray is not None:
            self._earlier.append((self.time, self._gray))
        self.image, self.time = image, time
        self._forget_earlier()
        self.factor = max(1.0, float(max(image.shape[:2])) / _LONGEST)
        self._middle: Image | None = None
        self._small: Image | None = None
        self._gray = None
        self._motion: npt.NDArray[np.float32] | None = None
        self._change: _Change | None = None
        self._flow: Flow | None = None

    def _forget_earlier(self) -> None:
        """Keep the last picture that is a frame's time older, and those after it."""
        while len(self._earlier) > 1:
            time = self._earlier[1][0]
            if time is not None and self.time is not None and self.time - time < _APART:
                break
            self._earlier.popleft()

    @property
    def middle(self) -> Image:
        """At most 640 pixels along each side: uint8 (mh, mw, 3)."""
        if self._middle is None:
            self._middle = self._make_middle()
        return self._middle

    @property
    def is_exact(self) -> bool:
        """Whether `factor` is a whole number."""
        return self.factor.is_integer()

    def _make_middle(self) -> Image:
        if self.is_exact:
            return _reduced(self.image, int(self.factor))
        height, width = (max(1, round(side / self.factor)) for side in self.image.shape[:2])
        return shrink(self.image, width, height)

    @property
    def small(self) -> Image:
        """Half of `middle`."""
        if self._small is None:
            self._small = _reduced(self.middle, 2)
        return self._small

    @property
    def gray(self) -> Plane:
        """`small` in grey: uint8 (h, w)."""
        if self._gray is None:
            self._gray = np.asarray(cv2.cvtColor(self.small, cv2.COLOR_BGR2GRAY), np.uint8)
        return self._gray

    @property
    def is_first(self) -> bool:
        """Whether there is no picture before to compare with: `motion` says nothing then."""
        return not self._earlier

    @property
    def motion(self) -> npt.NDArray[np.float32]:
        """How surely something has moved since the picture before, at the size of `small`.

        That is one at least 1/40 s older where there is one: at 60 frames a second people who
        move are seen to, as at 30. A picture that nobody asked for `gray`, `motion` or `drift`
        does not count as one before.
        float32 in 0..1. What all of the picture does at once (exposure, a lamp) and its noise
        do not count. 0 everywhere in the first picture and after a change of size.
        """
        if self._motion is None:
            if self.is_first:
                self._motion = np.zeros(self.gray.shape, np.float32)
            else:
                self._motion = self._change_since(self._earlier[0][1]).sureness()
        return self._motion

    @property
    def flow(self) -> Flow | None:
        """The flow since the last picture that anybody asked about; None in the first one."""
        if self._flow is None and not self.is_first:
            self._finder = self._finder or FlowFinder()
            self._flow = self._finder.find(self._earlier[-1][1], self.gray)
        return self._flow

    def carry(self, mask: Mask) -> Mask:
        """A mask of the picture before, float32 (h, w) of any size, for this one; a new array."""
        return mask.copy() if self.flow is None else self.flow.carry(mask)

    def moved_since(self, before: Plane) -> npt.NDArray[np.float32]:
        """As `motion`, but since the picture with the `gray` given, of the same size."""
        return self._change_since(before).sureness()

    def mark(self) -> None:
        """Take this picture for the one that `drift` is measured from."""
        self._marked = self.gray

    @property
    def drift(self) -> float:
        """Share of the picture that has moved since the marked one; 1 where there is none.

        Unlike the sum of all motion in between it also sees what creeps; and where most of the
        picture has changed much, by whatever, that is no noise.
        """
        if self._marked is None:
            return 1.0
        return float(self._change_since(self._marked).sureness(_MOST_NOISE).mean())

    def _change_since(self, before: Plane) -> _Change:
        """The change since another picture's `gray`; while things move that is mostly one."""
        if self._change is None or self._change.before is not before:
            self._change = _Change(before, self.gray)
        return self._change

    def at_least(self, width: int) -> Image:
        """The smallest of `small`, `middle` and `image` that is at least so wide."""
        middle = int(self.image.shape[1] / self.factor)
        if middle // 2 >= width:
            return self.small
        return self.middle if middle >= width else self.image

    def at(self, width: int, height: int) -> Image:
        """The whole picture at another size, uint8 (height, width, 3)."""
        source = self.middle if self.middle.shape[1] >= width else self.image
        return shrink(source, width, height)


class _Change:
    """Where two pictures differ, but for what all of the picture does at once.

    Args:
        before: uint8 (h, w), grey.
        now: The later one, of the same size.

    Attributes:
        before: As given.
    """

    def __init__(self, before: Plane, now: Plane) -> None:
        self.before = before
        sample = (slice(None, None, 8), slice(None, None, 4))
        change = now[sample].astype(np.int16) - before[sample]
        brighter = int(upper_median(change.ravel()))
        expected = cv2.addWeighted(before, 1, before, 0, brighter)
        levels = cv2.blur(cv2.absdiff(now, expected), (5, 5))
        self._noise = int(upper_median(levels[sample].ravel()))
        self._levels = cv2.dilate(levels, np.ones((3, 3), np.uint8))
        self._sure: dict[int, npt.NDArray[np.float32]] = {}

    def sureness(self, most_noise: int = 255) -> npt.NDArray[np.float32]:
        """How surely something has moved: see `Pyramid.motion`; noise is at most so many levels."""
        noise = min(most_noise, self._noise)
        if noise not in self._sure:
            table = np.clip((np.arange(256, dtype=np.float32) - (noise + 2)) * 0.15, 0, 1)
            self._sure[noise] = np.asarray(cv2.LUT(self._levels, table), np.float32)
        return self._sure[noise]


def _reduced(image: Image, factor: int) -> Image:
    if factor == 1:
        return image
    height, width = (max(1, side // factor) for side in image.shape[:2])
    whole = image[: height * factor, : width * factor]
    return shrink(whole, width, height)
