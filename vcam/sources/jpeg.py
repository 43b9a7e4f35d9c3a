"""A camera's JPEGs."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Image, Plane

try:
    import simplejpeg
except ImportError:  # no wheel for this Python, or a system where OpenCV gives pictures
    simplejpeg = None

_END = b"\xff\xd9"
_FLAGS = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION


def decode(jpeg: Plane) -> Image | None:
    """The picture in a JPEG as cameras send it.

    libjpeg-turbo decodes it, with the chroma repeated instead of interpolated: the virtual camera
    gets a quarter of it again. Where the camera leaves the Huffman tables out, as Motion JPEG may,
    the standard ones are taken (ITU-T T.81, K.3.3). What follows the JPEG's end is ignored.
    Without an end the rest of the picture would be grey: those, and what libjpeg-turbo refuses,
    are left to OpenCV.

    Args:
        jpeg: uint8 of any shape, its bytes in their order.

    Returns:
        A new array, uint8 (h, w, 3), BGR; None where the JPEG is broken.
    """
    data = jpeg.tobytes()
    if simplejpeg is not None and data.rfind(_END) > 0:
        try:
            image = simplejpeg.decode_jpeg(data, "BGR", fastupsample=True, strict=False)
            return np.asarray(image, np.uint8)
        except ValueError:
            pass
    return _by_opencv(jpeg)


def _by_opencv(jpeg: Plane) -> Image | None:
    try:
        image = cv2.imdecode(jpeg.ravel(), _FLAGS)
    except cv2.error:
        return None
    return None if image is None else np.asarray(image, np.uint8)
