"""Building PODs, PipeWire's serialised values.

Layout and numbers are those of `spa/pod/pod.h`, `spa/utils/type.h`, `spa/param/format.h`,
`spa/param/buffers.h` and `spa/param/video/*.h`, which are PipeWire's ABI.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from fractions import Fraction

PARAM_ENUM_FORMAT, PARAM_FORMAT, PARAM_BUFFERS, PARAM_META = 3, 4, 5, 6
"""`spa_param_type`: what a parameter is about."""

META_HEADER, META_HEADER_BYTES = 1, 32
"""`SPA_META_Header`: a buffer's time and number."""

_ID, _INT, _RECTANGLE, _FRACTION, _OBJECT, _CHOICE = 3, 4, 10, 11, 15, 19
_FORMAT_OBJECT, _BUFFERS_OBJECT, _META_OBJECT = 0x40003, 0x40004, 0x40005
_MEDIA_TYPE, _MEDIA_SUBTYPE = 1, 2
_VIDEO_FORMAT, _VIDEO_SIZE, _VIDEO_FRAMERATE = 0x20001, 0x20003, 0x20004
_COLOR_RANGE, _COLOR_MATRIX = 0x2000C, 0x2000D
_VIDEO, _RAW, _YUY2, _LIMITED, _BT601 = 2, 1, 4, 2, 4
_BUFFERS, _BLOCKS, _SIZE, _STRIDE = 1, 2, 3, 4
_RANGE = 1


def yuy2_format(width: int, height: int, fps: float) -> bytes:
    """The only format offered: packed 4:2:2, BT.601, limited range."""
    rate = Fraction(fps).limit_denominator(1001)
    return _object(
        _FORMAT_OBJECT,
        PARAM_ENUM_FORMAT,
        [
            (_MEDIA_TYPE, _number(_ID, _VIDEO)),
            (_MEDIA_SUBTYPE, _number(_ID, _RAW)),
            (_VIDEO_FORMAT, _number(_ID, _YUY2)),
            (_VIDEO_SIZE, _pair(_RECTANGLE, width, height)),
            (_VIDEO_FRAMERATE, _pair(_FRACTION, rate.numerator, rate.denominator)),
            (_COLOR_RANGE, _number(_ID, _LIMITED)),
            (_COLOR_MATRIX, _number(_ID, _BT601)),
        ],
    )


def buffers(size: int, stride: int) -> bytes:
    """What memory the frames need: `size` bytes each, `stride` bytes a line."""
    return _object(
        _BUFFERS_OBJECT,
        PARAM_BUFFERS,
        [
            (_BUFFERS, _range(8, 2, 16)),
            (_BLOCKS, _number(_INT, 1)),
            (_SIZE, _number(_INT, size)),
            (_STRIDE, _number(_INT, stride)),
        ],
    )


def header_meta() -> bytes:
    """Requests the header metadata: a timestamp and a sequence number per frame."""
    return _object(
        _META_OBJECT,
        PARAM_META,
        [(1, _number(_ID, META_HEADER)), (2, _number(_INT, META_HEADER_BYTES))],
    )


def _pod(kind: int, body: bytes) -> bytes:
    return struct.pack("<II", len(body), kind) + body + bytes(-len(body) % 8)


def _number(kind: int, value: int) -> bytes:
    return _pod(kind, struct.pack("<i", value))


def _pair(kind: int, first: int, second: int) -> bytes:
    return _pod(kind, struct.pack("<II", first, second))


def _range(default: int, low: int, high: int) -> bytes:
    return _pod(_CHOICE, struct.pack("<IIIIiii", _RANGE, 0, 4, _INT, default, low, high))


def _object(kind: int, identity: int, properties: Iterable[tuple[int, bytes]]) -> bytes:
    body = b"".join(struct.pack("<II", key, 0) + value for key, value in properties)
    return _pod(_OBJECT, struct.pack("<II", kind, identity) + body)
