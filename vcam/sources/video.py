"""A video file as the camera."""

from __future__ import annotations

from pathlib import Path

from vcam.errors import PictureError, SourceError, VideoError
from vcam.images.picture_files import check_file
from vcam.images.types import Image
from vcam.images.video_file import VideoFile

_FASTEST = 120.0
"""Highest rate at which a file is read, pictures a second."""


class VideoSource:
    """A video file at its own speed; implements `Source`.

    It is sampled every 1 / `fps` seconds: a picture is given once, repeatedly or not at all where
    the file's own rate varies.

    Args:
        path: The file.
        loop: Start over at its end; otherwise `read` gives None there.

    Attributes:
        path: The file.
        width: Of its pictures, pixels.
        height: Of its pictures, pixels.
        frames: Their number according to the file; 0 if it does not say.

    Raises:
        SourceError: The file is missing or not a video.
    """

    live = False

    def __init__(self, path: Path, loop: bool = True) -> None:
        self.path, self._loop = path, loop
        self._file = open_video(path)
        self.fps = min(self._file.fps, _FASTEST)
        self.frames, self.width, self.height = (
            self._file.frames, self._file.width, self._file.height,
        )  # fmt: skip
        self.description = f"{path.name}, {self.width}x{self.height} at {self.fps:g} fps"
        self._given = 0  # in this round
        self._shown: Image | None = None
        self._coming = self._file.advance()  # when the next picture begins

    def read(self) -> Image | None:
        """The next picture; at the end the first one again, or None if it does not loop."""
        image = self._next()
        if image is None and self._loop and self._given:
            self._rewind()
            image = self._next()
        if image is None and (self._loop or not self._given):
            raise SourceError(f"{self.path} has no picture that can be decoded")
        return image

    def _next(self) -> Image | None:
        """The picture at the middle of the next step; None after the last one."""
        middle = (self._given + 0.5) / self.fps
        is_new = False
        while self._coming is not None and self._coming <= middle:
            image = self._file.image()
            self._shown, is_new = (self._shown, is_new) if image is None else (image, True)
            self._coming = self._file.advance()
        if self._coming is None and not is_new and middle >= self._file.end:
            return None
        if self._shown is None:
            return None
        self._given += 1
        return self._shown

    def _rewind(self) -> None:
        """Reopen the file: seeking lands on the wrong frame in some formats."""
        self._file.close()
        self._file = open_video(self.path)
        self._given, self._shown = 0, None
        self._coming = self._file.advance()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def open_video(path: Path, with_sound: bool = False) -> VideoFile:
    """Open a video file at its beginning.

    Raises:
        SourceError: It is missing, or no video that can be decoded.
    """
    try:
        check_file(path, "video")
        return VideoFile(path, with_sound=with_sound)
    except (PictureError, VideoError) as error:
        raise SourceError(error.problem, error.cure) from None
