"""Moving pictures in files: videos and animations, one pass at a time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Protocol

from PIL import Image as Pillow

from vcam.backgrounds.fitting import Fitting
from vcam.images.picture_files import check_file, open_animation
from vcam.images.srgb import plain_bgr
from vcam.images.types import Image
from vcam.images.video_file import INSTEAD, QUICKEST, VideoFile


class Footage(Protocol):
    """One pass through a file, from its first picture to its last."""

    @property
    def end(self) -> float:
        """When the last picture reached so far ends, in seconds of the file."""

    def advance(self) -> float | None:
        """Advance to the next picture; its start in seconds of the file, or None at the end."""

    def image(self) -> Image | None:
        """The current picture, or None if it cannot be decoded.

        It is uint8 (h, w, 3), BGR, and valid until the next call.
        """

    def close(self) -> None:
        """Close the file."""


def open_footage(path: Path, fitting: Fitting) -> Footage:
    """Open a video or an animation at its beginning.

    Args:
        path: The file; its content decides what it is.
        fitting: Where it will be shown: transparent parts get its colour, and pictures much
            larger than that are decoded smaller.

    Raises:
        PictureError: The file is missing, empty or no file, or the animation too large.
        VideoError: It is no video.
    """
    check_file(path, "video")
    animation = open_animation(path)
    if animation is not None:
        return Animation(animation, fitting.color)
    return VideoFile(path, fitting.color, fitting.place)


class Animation:
    """An animated WebP, PNG or AVIF; implements `Footage`."""

    def __init__(self, animation: Pillow.Image, color: tuple[int, int, int]) -> None:
        self._animation, self._color = animation, color
        self._count = getattr(animation, "n_frames", 1)
        self._next = 0
        self.end = 0.0

    def advance(self) -> float | None:
        """Advance to the next picture; the file gives their durations."""
        if self._next >= self._count:
            return None
        with suppress(Exception):  # `image` is what fails on damaged files
            self._animation.seek(self._next)
            self._animation.load()
        self._next += 1
        begin = self.end
        seconds = float(self._animation.info.get("duration") or 0) / 1000
        self.end += seconds if seconds >= QUICKEST else INSTEAD
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
