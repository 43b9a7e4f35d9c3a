"""A picture file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image as Pillow

from vcam.frames import I420, Alpha
from vcam.pictures import Size, load_picture

Fit: TypeAlias = Literal["cover", "contain", "stretch"]


class ImageBackground:
    """A picture, fitted into the output's frame; implements `Background`.

    EXIF orientation and colour profiles are honoured; of an animation the first frame is shown.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        path: The picture file.
        fit: "cover" fills the frame and crops the rest, "contain" shows the whole picture,
            "stretch" fills the frame and distorts.
        color: Red, green and blue of what stands beside a contained picture and behind
            transparent parts.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or has more than
            `MAX_MEGAPIXELS`.
    """

    uses_room = False

    def __init__(
        self,
        width: int,
        height: int,
        path: str | Path,
        fit: Fit = "cover",
        color: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        picture = load_picture(Path(path), lambda size: _place(size, (width, height), fit))
        canvas = Pillow.new("RGB", (width, height), color)
        fitted = _fitted(picture, (width, height), fit)
        corner = ((width - fitted.width) // 2, (height - fitted.height) // 2)
        canvas.paste(fitted, corner, fitted if fitted.mode == "RGBA" else None)
        self._picture = I420.from_bgr(np.ascontiguousarray(np.asarray(canvas)[..., ::-1]))

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The picture, whatever the frame."""
        return self._picture

    def cover(self, time: float) -> I420:
        """The picture."""
        return self._picture

    def close(self) -> None:
        """Nothing to free."""


def _place(picture: Size, frame: Size, fit: Fit) -> Size:
    """The size at which all of the picture would be shown, cropped parts included."""
    if fit == "stretch":
        return frame
    scales = (frame[0] / picture[0], frame[1] / picture[1])
    scale = max(scales) if fit == "cover" else min(scales)
    return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))


def _fitted(picture: Pillow.Image, frame: Size, fit: Fit) -> Pillow.Image:
    """`picture` at its final size, cropped to the frame's proportions for "cover"."""
    width, height = picture.size
    if fit == "cover":
        scale = min(width / frame[0], height / frame[1])
        wide, high = frame[0] * scale, frame[1] * scale
        left, top = (width - wide) / 2, (height - high) / 2
        box = (left, top, left + wide, top + high)
        return picture.resize(frame, Pillow.Resampling.LANCZOS, box=box)
    return picture.resize(_place(picture.size, frame, fit), Pillow.Resampling.LANCZOS)
