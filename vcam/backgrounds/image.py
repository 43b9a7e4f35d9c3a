"""A picture file."""

from __future__ import annotations

from pathlib import Path

from vcam.backgrounds.base import Steady
from vcam.backgrounds.fitting import Fitting
from vcam.images.files import load_picture
from vcam.images.types import I420, Alpha


class ImageBackground(Steady):
    """A picture, fitted into the output's frame; implements `Background`.

    EXIF orientation and colour profiles are honoured; of an animation the first frame is shown.

    Args:
        path: The picture file.
        fitting: Where it goes in the frame, and the frame's size.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or has more than
            `MAX_MEGAPIXELS`.
    """

    def __init__(self, path: str | Path, fitting: Fitting) -> None:
        self._picture = fitting.still(load_picture(Path(path), fitting.place))

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The picture, whatever the frame."""
        return self._picture

    def cover(self, time: float) -> I420:
        """The picture."""
        return self._picture
