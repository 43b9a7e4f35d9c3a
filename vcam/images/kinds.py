"""Picture formats that are recognised but not read, and the commands that convert them."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import re
from pathlib import Path
from typing import NamedTuple

from vcam.errors import PictureError

logger = logging.getLogger(__name__)

HEIC_SUFFIXES = (".heic", ".heif", ".hif")
SUFFIXES = (*HEIC_SUFFIXES, ".jxl", ".svg", ".svgz")
"""Suffixes of picture formats that may not be readable."""

_HEAD = 4096
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"MiHE")
_SVG = re.compile(rb"^\s*(<\?xml.*?\?>\s*)?(<!--.*?-->\s*|<!DOCTYPE.*?>\s*)*<svg[\s>]", re.DOTALL)


class _PictureKind(NamedTuple):
    name: str
    command: str


_HEIC = _PictureKind("HEIC", 'heif-convert "{path}" picture.jpg')
_SVG_KIND = _PictureKind("SVG", 'rsvg-convert -o picture.png "{path}"')
_BY_IMAGE_MAGICK = 'magick "{path}[0]" picture.png'
_SIGNATURES = (
    (b"\xff\x0a", _PictureKind("JPEG XL", 'djxl "{path}" picture.png')),
    (b"\0\0\0\x0cJXL \r\n\x87\n", _PictureKind("JPEG XL", 'djxl "{path}" picture.png')),
    (b"8BPS", _PictureKind("Photoshop", _BY_IMAGE_MAGICK)),
    (b"gimp xcf", _PictureKind("GIMP", _BY_IMAGE_MAGICK)),
    (b"v/1\x01", _PictureKind("OpenEXR", _BY_IMAGE_MAGICK)),
    (b"%PDF", _PictureKind("PDF", 'pdftoppm -png -singlefile "{path}" picture')),
    (
        b"\0\0\0\x18ftypcrx ",
        _PictureKind("camera raw", 'exiftool -b -JpgFromRaw "{path}" > picture.jpg'),
    ),
)


def known_kind(path: Path) -> str:
    """The format of the content, such as "HEIC"; empty for all others."""
    kind = _kind(path)
    return kind.name if kind else ""


def refuse_kind(path: Path) -> None:
    """Refuse a picture of a recognised format that cannot be read.

    Raises:
        PictureError: It is one; names the format and the command that converts it.
    """
    kind = _kind(path)
    if kind is None or (kind is _HEIC and can_read_heic()):
        return
    cure = f"convert it: {kind.command.format(path=path)}"
    if kind is _HEIC:
        cure += "; or install vcam with the extra heif: it reads them then"
    raise PictureError(f'the picture "{path}" is {kind.name}, which cannot be read here', cure)


def is_heic_installed() -> bool:
    """Whether pillow-heif is there, without importing it."""
    try:
        return importlib.util.find_spec("pillow_heif") is not None
    except ValueError:  # it is switched off in sys.modules
        return False


def can_read_heic() -> bool:
    """Whether pillow-heif is there; Pillow then opens HEIC, too."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except Exception as error:  # broken wheels have their own ideas of what to raise
        logger.debug("no pillow-heif: %r", error)
        return False
    return True


def _kind(path: Path) -> _PictureKind | None:
    head = _head(path)
    if head[4:8] == b"ftyp":
        brands = head[8 : max(16, min(int.from_bytes(head[:4], "big"), _HEAD))]
        if head[8:12] in _HEIC_BRANDS and b"avif" not in brands:
            return _HEIC
    found = next((kind for begin, kind in _SIGNATURES if head.startswith(begin)), None)
    if found is None and (_SVG.match(head.removeprefix(b"\xef\xbb\xbf")) or _is_svgz(path, head)):
        return _SVG_KIND
    return found


def _is_svgz(path: Path, head: bytes) -> bool:
    return head.startswith(b"\x1f\x8b") and path.suffix.lower() == ".svgz"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""
