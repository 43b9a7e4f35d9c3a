"""Pixel formats by FOURCC: which of them can be decoded, and names of the others."""

from __future__ import annotations

from collections.abc import Iterable

RAW = ("YUYV", "NV12", "YU12", "UYVY", "NV21", "YV12", "BGR3", "RGB3")
"""Uncompressed colour formats, the cheapest first."""

JPEGS = ("MJPG", "JPEG")
"""Those whose frames are JPEGs."""

GREY = ("GREY", "Y16 ", "Y10 ")
"""Those without colour, as infrared cameras give, that OpenCV decodes."""

READABLE = (*RAW, *JPEGS, *GREY)
"""Those that a picture can be made of."""

DECODERS = {"H264": "h264", "HEVC": "hevc"}
"""Formats decoded only if a camera offers nothing else, with FFmpeg's names."""

COLOURED = (*RAW, *JPEGS)

_DEPTH = ("Z16 ", "Z16H", "Y8I ", "Y12I", "Y16I", "INZI", "INVZ", "INVI", "INRI", "CNF4")
"""What only the depth and infrared sensors of a camera give, beside some false colour."""

_CODED = {
    "H264": "H.264", "AVC1": "H.264", "S264": "H.264", "M264": "H.264", "H263": "H.263",
    "HEVC": "H.265", "VP80": "VP8", "VP90": "VP9", "AV10": "AV1", "AV01": "AV1",
    "MPEG": "MPEG", "MPG1": "MPEG-1", "MPG2": "MPEG-2", "MPG4": "MPEG-4", "XVID": "MPEG-4",
    "Z16 ": "depth",
}  # fmt: skip
_BAYER = ("BA", "GB", "GR", "RG", "BG", "BYR", "pB", "pG", "pg", "pR")


def is_readable(fourccs: Iterable[str]) -> bool:
    """Whether a picture can be made of one of these."""
    return any(fourcc in READABLE for fourcc in fourccs)


def is_coloured(fourccs: Iterable[str]) -> bool:
    """Whether a camera that gives these is neither an infrared nor a depth camera."""
    given = tuple(fourccs)
    return any(f not in (*GREY, "Y12 ") for f in given) and not any(f in _DEPTH for f in given)


def in_words(fourccs: Iterable[str]) -> str:
    """Such as "H.264 and raw Bayer data (BA10)"."""
    names = list(dict.fromkeys(map(_name, fourccs)))
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _name(fourcc: str) -> str:
    if fourcc in _CODED:
        return _CODED[fourcc]
    code = fourcc.strip()
    is_bayer = fourcc not in READABLE and code.startswith(_BAYER) and code[-1:].isalnum()
    return f"raw Bayer data ({code})" if is_bayer else code
