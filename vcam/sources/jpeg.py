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
_START_OF_SCAN = 0xDA
_BASELINE = (0xC0, 0xC1)
_NOTHING = 128
"""The value libjpeg fills missing pixels with, in all three channels."""
_MOST_ZEROS = 2
"""Most zeros that can end a picture; further ones are the rest of a driver's buffer."""
_CUT = "premature end"
"""libjpeg-turbo's warning for truncated data."""
_REST = "extraneous bytes"
"""Its warning for extra data after the picture."""


def decode(jpeg: Plane) -> Image | None:
    """The picture in a JPEG as cameras send it.

    libjpeg-turbo decodes it, with chroma repeated instead of interpolated: the virtual camera
    subsamples it again. If the camera omits the Huffman tables, as Motion JPEG may, the standard
    ones are used (ITU-T T.81, K.3.3). Data after the JPEG's end is ignored. Some cameras omit the
    end marker, too: missing rows then tell whether it was truncated.

    Args:
        jpeg: Its bytes, uint8 of any shape.

    Returns:
        A new array, uint8 (h, w, 3), BGR; None if the JPEG is broken or truncated.
    """
    data = jpeg.tobytes()
    scan = _scan(data)
    if scan and data.find(_END, scan) < 0:
        return _unended(data, scan)
    if simplejpeg is not None and data.rfind(_END) > 0:
        try:
            image = _quickly(data)
            return None if _seems_cut(image) and _is_cut(data) else image
        except ValueError:
            pass
    return _by_opencv(data)


def _scan(data: bytes) -> int:
    """Offset of the data of a baseline JPEG's only scan; 0 if it is not one."""
    at, components = 2, 0
    while data[:2] == b"\xff\xd8" and at + 10 < len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == 0xFF:  # filled up
            at += 1
            continue
        if kind in _BASELINE:
            components = data[at + 9]
        elif kind == _START_OF_SCAN:
            is_only = components and data[at + 4] == components
            return min(at + 2 + length, len(data)) if is_only else 0
        at += 2 + length
    return 0


def _unended(data: bytes, scan: int) -> Image | None:
    """The picture of a JPEG without an end marker; None if part of it is missing."""
    used = max(scan, len(data.rstrip(b"\0")))
    zeros = data[used : used + _MOST_ZEROS]
    if data[used - 1] == 0xFF and not zeros:  # half a marker
        used -= 1
    bare = data[:used] + (b"\0" if data[used - 1] == 0xFF else b"")
    image = _whole(bare + _END)
    return _whole(data[:used] + zeros + _END) if image is None and zeros else image


def _whole(data: bytes) -> Image | None:
    if simplejpeg is None:
        image = _by_opencv(data)
        return None if image is None or _seems_cut(image) else image
    try:
        return _quickly(data, strict=True)
    except ValueError as error:
        return None if _CUT in str(error) else _in_spite_of_rest(data)


def _in_spite_of_rest(data: bytes) -> Image | None:
    """The picture if extra data follows it, such as old content of the buffer."""
    try:
        image = _quickly(data)
    except ValueError:
        return None
    return None if _seems_cut(image) else image


def _quickly(data: bytes, strict: bool = False) -> Image:
    return np.asarray(simplejpeg.decode_jpeg(data, "BGR", fastupsample=True, strict=strict))


def _seems_cut(image: Image) -> bool:
    return bool((image[-1, -4:] == _NOTHING).all())


def _is_cut(data: bytes) -> bool:
    """Whether the last pixels of a JPEG, which are grey, are missing ones."""
    try:
        simplejpeg.decode_jpeg(data, "GRAY")
    except ValueError as error:
        return _REST not in str(error)
    return False


def _by_opencv(data: bytes) -> Image | None:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), _FLAGS)
    except cv2.error:
        return None
    return None if image is None else np.asarray(image, np.uint8)
