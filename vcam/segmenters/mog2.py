"""OpenCV's MOG2: learn the empty room, then take what differs from it for the person.

Zivkovic, "Improved adaptive Gaussian mixture model for background subtraction", ICPR 2004.
https://docs.opencv.org/4.x/d7/d7b/classcv_1_1BackgroundSubtractorMOG2.html
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from vcam.errors import SegmenterError
from vcam.frames import Image, Mask, Plane
from vcam.shrink import shrink

_SHAPES = {
    "ellipse": cv2.MORPH_ELLIPSE,
    "rectangle": cv2.MORPH_RECT,
    "cross": cv2.MORPH_CROSS,
}
_SHADOW = 127

MOST_PERSON = 0.9
"""Nobody fills more of the picture. Where more of it differs, it is the room that has changed (a
lamp, the camera's exposure, a nudge), and all of that would be shown as if it were a person."""


class Cleanup:
    """The morphology that turns MOG2's specks and holes into one shape.

    Args:
        shape: "ellipse", "rectangle" or "cross".
        size: Of the kernel, in pixels of the working picture; odd.
        open: Times to open, first.
        close: Times to close, then.
        grow: Times to dilate (above 0) or erode (below 0), last.
    """

    def __init__(
        self, shape: str = "ellipse", size: int = 5, open: int = 1, close: int = 3, grow: int = 0
    ) -> None:
        self._kernel = cv2.getStructuringElement(_SHAPES[shape], (size, size))
        self._steps = [
            (operation, times)
            for operation, times in (
                (cv2.MORPH_OPEN, open),
                (cv2.MORPH_CLOSE, close),
                (cv2.MORPH_DILATE if grow > 0 else cv2.MORPH_ERODE, abs(grow)),
            )
            if times
        ]

    def apply(self, mask: Plane) -> None:
        """Clean `mask`, uint8 (h, w), in place."""
        for operation, times in self._steps:
            cv2.morphologyEx(mask, operation, self._kernel, dst=mask, iterations=times)


class Mog2Segmenter:
    """Background subtraction at a reduced size; implements `Segmenter`.

    It gives None for its first `learn_frames` frames, and after every `reset` and change of
    the picture's size.

    Args:
        history: Frames the model remembers.
        var_threshold: Squared distance, in variances, from which a pixel is different.
        detect_shadows: Look for shadows.
        shadows_are_person: Count a shadow as the person.
        learn_frames: Frames of empty room to learn at first.
        learn_rate: Learning rate in those frames, 0..1.
        after_learning: "frozen" (rate 0) or "automatic" (1 / history).
        working_width: Width of the reduced picture, in pixels.
        cleanup: What is done to the raw mask.
    """

    def __init__(
        self,
        history: int = 500,
        var_threshold: float = 16.0,
        detect_shadows: bool = True,
        shadows_are_person: bool = False,
        learn_frames: int = 60,
        learn_rate: float = 0.05,
        after_learning: Literal["frozen", "automatic"] = "frozen",
        working_width: int = 320,
        cleanup: Cleanup | None = None,
    ) -> None:
        self._settings = (history, var_threshold, detect_shadows)
        self._least = _SHADOW if shadows_are_person else _SHADOW + 1
        self._learn_frames, self._learn_rate = learn_frames, learn_rate
        self._later_rate = 0.0 if after_learning == "frozen" else -1.0
        self._width = working_width
        self._cleanup = cleanup or Cleanup()
        self._size = (0, 0)
        self.reset()

    @property
    def progress(self) -> float:
        """How much of the empty room has been learnt, 0..1."""
        return min(1.0, self._seen / self._learn_frames)

    def segment(self, image: Image, time: float) -> Mask | None:
        """Learn from `image`, or find what differs in it.

        Raises:
            SegmenterError: It failed, or more than `MOST_PERSON` of the picture differs.
        """
        small = self._shrink(image)
        learning = self._seen < self._learn_frames
        try:
            raw = self._model.apply(
                small, learningRate=self._learn_rate if learning else self._later_rate
            )
        except cv2.error as error:
            raise SegmenterError(f"MOG2 failed on a frame ({error.err})") from error
        if learning:
            self._seen += 1
            return None
        mask = np.where(raw >= self._least, np.uint8(255), np.uint8(0))
        if cv2.countNonZero(mask) > MOST_PERSON * mask.size:
            raise SegmenterError(
                "nothing looks like the room that MOG2 learnt",
                "step out of the picture and type vcam relearn",
            )
        self._cleanup.apply(mask)
        soft = cv2.GaussianBlur(mask, (5, 5), 0)  # gives the matte a slope to work with
        return np.multiply(soft, np.float32(1 / 255), dtype=np.float32)

    def _shrink(self, image: Image) -> Image:
        height, width = image.shape[:2]
        scale = min(1.0, self._width / width)
        size = (round(width * scale), max(1, round(height * scale)))
        if size != self._size:
            self._size = size
            self.reset()
        return shrink(image, *size)

    def reset(self) -> None:
        """Forget the room and learn it again."""
        history, threshold, shadows = self._settings
        self._model = cv2.createBackgroundSubtractorMOG2(history, threshold, shadows)
        self._seen = 0

    def close(self) -> None:
        """Nothing to free."""
