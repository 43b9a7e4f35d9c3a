"""A still picture as the camera."""

from __future__ import annotations

from pathlib import Path

from vcam.errors import PictureError, SourceError
from vcam.images.picture_files import read_picture
from vcam.images.types import Image


class StillSource:
    """One picture, repeated; implements `Source`.

    Args:
        path: The picture file.
        fps: How many times a second it is repeated.

    Raises:
        SourceError: The file is missing or not a picture.
    """

    live = False

    def __init__(self, path: Path, fps: float = 30.0) -> None:
        try:
            self._image = read_picture(path)
        except PictureError as error:
            raise SourceError(error.problem, error.cure) from None
        self.fps = fps
        height, width = self._image.shape[:2]
        self.description = f"{path.name}, a still picture of {width}x{height}"

    def read(self) -> Image | None:
        """The picture; always the same array."""
        return self._image

    def close(self) -> None:
        """Nothing to free."""
