"""The orientation that a picture file's EXIF data asks for."""

from __future__ import annotations

import logging

from PIL import Image as Pillow

from vcam.images.types import Size

logger = logging.getLogger(__name__)


_ORIENTATION = 0x0112
_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}


def turn_of(image: Pillow.Image) -> Pillow.Transpose | None:
    """The transposition that turns a picture upright; None if there is nothing to do."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken EXIF block is no reason to refuse the picture
        logger.debug("unreadable EXIF data", exc_info=True)
        return None


def upright_size(size: Size, turn: Pillow.Transpose | None) -> Size:
    """`size` with width and height exchanged where `turn` does that."""
    swaps = (
        Pillow.Transpose.TRANSPOSE,
        Pillow.Transpose.ROTATE_270,
        Pillow.Transpose.TRANSVERSE,
        Pillow.Transpose.ROTATE_90,
    )
    return (size[1], size[0]) if turn in swaps else size
