"""Moving pictures in files: videos and animations, one pass at a time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from PIL import Image as Pillow

from vcam.errors import BackgroundError
from vcam.images.files import check_file, open_animation, plain_bgr
from vcam.images.types import Image

_QUICKEST = 0.011
_INSTEAD = 0.1
"""Animations that ask for 10 ms or less a frame get 100 ms, as in all browsers."""

CONVERT = "convert it, for example: ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p out.mp4"
"""What helps with a video that cannot be decoded."""


class Footage(Protocol):
    """One pass through a file, from its first picture to its last."""

    @property
    def end(self) -> float:
        """When the last picture reached so far has been shown, in seconds of the file."""

    def advance(self) -> float | None:
        """Go to the next picture: when it begins, in seconds of the file; None at the end."""

    def image(self) -> Image | None:
        """The picture that was gone to, or None if it cannot be decoded.

        It is uint8 (h, w, 3), BGR, and valid until the next call.
        """

    def close(self) -> None:
        """Close the file."""


def open_footage(path: Path, color: tuple[int, int, int] = (0, 0, 0)) -> Footage:
    """Open a video or an animation at its beginning.

    Args:
        path: The file; what it is, its content says.
        color: Red, green and blue behind the transparent parts of an animation.

    Raises:
        PictureError: The file is missing, empty or no file, or the animation too large.
        BackgroundError: It is no video.
    """
    check_file(path, "video")
    animation = open_animation(path)
    return Video(path) if animation is None else Animation(animation, color)


class Video:
    """A video file, its sound left alone; implements `Footage`.

    Raises:
        BackgroundError: It cannot be decoded.
    """

    def __init__(self, path: Path) -> None:
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise BackgroundError(f'"{path}" is no video that can be read', CONVERT)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self._step = 1 / fps if np.isfinite(fps) and 1 <= fps <= 1000 else 1 / 25
        self._begin = -self._step
        self._first: float | None = None
        self._image: Image | None = None  # decoded into again and again

    @property
    def end(self) -> float:
        """The last picture lasts as long as the mean."""
        return self._begin + self._step

    def advance(self) -> float | None:
        """Go to the next picture; its time is the file's own, where that makes sense."""
        if not self._capture.grab():
            return None
        told = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        if self._first is None:  # some files do not begin at 0
            self._first = told
        told -= self._first
        later = self._begin + self._step / 10 < told < self._begin + 10
        self._begin = told if later else self.end
        return self._begin

    def image(self) -> Image | None:
        """Decode the picture."""
        there, image = self._capture.retrieve(self._image)
        if not there or image is None:
            return None
        self._image = np.asarray(image, np.uint8)
        return self._image

    def close(self) -> None:
        """Close the file."""
        self._capture.release()


class Animation:
    """An animated GIF, WebP, PNG or AVIF; implements `Footage`."""

    def __init__(self, animation: Pillow.Image, color: tuple[int, int, int]) -> None:
        self._animation, self._color = animation, color
        self._next = 0
        self.end = 0.0

    def advance(self) -> float | None:
        """Go to the next picture; the file says how long each lasts."""
        if self._next >= getattr(self._animation, "n_frames", 1):
            return None
        with suppress(Exception):  # `image` is what fails on damaged files
            self._animation.seek(self._next)
            self._animation.load()
        self._next += 1
        begin = self.end
        seconds = float(self._animation.info.get("duration") or 0) / 1000
        self.end += seconds if seconds >= _QUICKEST else _INSTEAD
        return begin

    def image(self) -> Image | None:
        """Decode the picture."""
        try:
            return plain_bgr(self._animation, self._color)
        except Exception:  # each decoder has its own ideas of what to raise
            return None

    def close(self) -> None:
        """Close the file."""
        self._animation.close()
