"""A video file as the camera."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from vcam.errors import SourceError
from vcam.images.types import Image


class VideoSource:
    """A video file at its own rate; implements `Source`.

    Args:
        path: The file.
        loop: Start over at its end; otherwise `read` gives None there.

    Attributes:
        path: The file.
        width: Of its pictures, pixels.
        height: Of its pictures, pixels.
        frames: How many there are, as the file says; 0 where it does not.

    Raises:
        SourceError: The file is missing or is no video.
    """

    live = False

    def __init__(self, path: Path, loop: bool = True) -> None:
        self.path, self._loop = path, loop
        if not path.is_file():
            raise SourceError(f"there is no video file {path}", "name a file that exists")
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        self._given = 0
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = float(fps) if np.isfinite(fps) and 0 < fps <= 1000 else 30.0
        self.frames = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        self.width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        if not self._capture.isOpened() or not self.width:
            raise SourceError(
                f"{path} is not a video that can be read",
                "convert it, for example: ffmpeg -i IN -c:v libx264 out.mp4",
            )
        self.description = f"{path.name}, {self.width}x{self.height} at {self.fps:g} fps"

    def read(self) -> Image | None:
        """The next picture; at the end the first one again, or None where it does not loop."""
        image = self._next()
        if image is None and self._loop and self._given:
            self._given = 0
            self._rewind()
            image = self._next()
        if image is None and (self._loop or not self._given):
            raise SourceError(f"{self.path} has no picture that can be decoded")
        return image

    def _next(self) -> Image | None:
        there, image = self._capture.read()
        if not there:
            return None
        self._given += 1
        return np.asarray(image, np.uint8)

    def _rewind(self) -> None:
        """Open the file anew: seeking lands on the wrong frame in some formats."""
        self._capture.release()
        self._capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG)

    def close(self) -> None:
        """Close the file."""
        self._capture.release()
