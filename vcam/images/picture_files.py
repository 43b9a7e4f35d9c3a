"""Reading and writing picture files."""

from __future__ import annotations

import logging
import os
import stat
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
from PIL import Image as Pillow
from PIL import UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from vcam.errors import PictureError, SinkError
from vcam.images.kinds import HEIC_SUFFIXES, is_heic_installed, known_kind, refuse_kind
from vcam.images.orientation import turn_of, upright_size
from vcam.images.published import published
from vcam.images.srgb import eight_bit, plain_bgr, reduced, to_srgb
from vcam.images.types import Image, Size

logger = logging.getLogger(__name__)

SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".jp2",
    ".ppm", ".tga",
)  # fmt: skip
"""Suffixes of still pictures."""

TRANSPARENT_SUFFIXES = (".png", ".webp", ".tif", ".tiff")
"""Suffixes of formats that can be written with an alpha."""

MAX_MEGAPIXELS = 100
"""Larger pictures are refused: reading one with alpha takes 8 bytes a pixel."""

MAX_JPEG_MEGAPIXELS = 400
"""JPEGs up to this size are read too: their decoder can reduce them while decoding."""

MAX_PROGRESSIVE_MEGAPIXELS = 130
"""Progressive JPEGs, which are held in memory as a whole."""

# What people have as pictures; not EPS, for which Pillow would start Ghostscript.
_FORMATS = (
    "JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM", "TGA", "JPEG2000", "HEIF",
)  # fmt: skip
_ANIMATED = ("WEBP", "PNG", "AVIF")
_CURE = "use a JPEG, PNG or WebP file"


def is_picture(path: Path) -> bool:
    """Whether the file's name has a still picture's suffix."""
    suffix = path.suffix.lower()
    return suffix in SUFFIXES or (suffix in HEIC_SUFFIXES and is_heic_installed())


def holds_picture(path: Path) -> bool:
    """Whether the content is a still picture, whatever the name; False if that is unclear."""
    if not os.path.isfile(path):  # noqa: PTH113 - a pipe would be waited for; never raises
        return False
    if known_kind(path):
        return True
    likely = [name for name in _FORMATS if name != "TGA" or path.suffix.lower() == ".tga"]
    try:
        with quiet_pillow(), _identified(path, likely) as image:
            return not (image.format in ("GIF", "PNG", "AVIF") and _is_animated(image))
    except Pillow.DecompressionBombError:  # known, only large
        return True
    except Exception:  # every decoder raises its own kinds of errors
        return False


def read_picture(path: Path) -> Image:
    """A picture, upright: uint8 (h, w, 3), BGR; transparent parts are black.

    A JPEG of more than `MAX_MEGAPIXELS` is reduced to a half, a quarter or an eighth of its size.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or too large.
    """
    return plain_bgr(load_picture(path, lambda size: size), (0, 0, 0))


def check_holds_alpha(path: Path) -> None:
    """Refuse the name of a format without alpha.

    Raises:
        SinkError: It is one; names those with alpha.
    """
    if path.suffix.lower() not in TRANSPARENT_SUFFIXES:
        raise SinkError(
            f"{path} cannot be transparent",
            f"end its name in one of {', '.join(TRANSPARENT_SUFFIXES)}",
        )


def write_picture(path: Path, image: Image) -> None:
    """Write `image`, uint8 (h, w, 3) BGR or (h, w, 4) BGRA, in the format of its suffix.

    The file gets its name once it is whole.

    Raises:
        SinkError: It cannot be written.
    """
    try:
        coded, content = cv2.imencode(path.suffix or ".png", image)
    except cv2.error:
        coded = False
    if not coded:
        raise SinkError(f"{path} cannot be written: unknown kind of picture", "end it in .png")
    with published(path) as unfinished:
        try:
            unfinished.write_bytes(content.tobytes())
        except OSError as error:
            raise SinkError(
                f"{path} cannot be written ({error.strerror})", "name a file in a folder of yours"
            ) from None


def load_picture(path: Path, place_for: Callable[[Size], Size]) -> Pillow.Image:
    """Load a picture upright, RGB or RGBA, in sRGB, possibly reduced.

    Args:
        path: The file.
        place_for: Given the picture's size, returns its size on display. A much larger picture is
            reduced while decoding, but to no less than twice that.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or too large.
    """
    check_file(path)
    refuse_kind(path)
    with quiet_pillow(), _opened(path) as image:
        turn = turn_of(image)
        place = place_for(upright_size(image.size, turn))
        _shrink_while_decoding(path, image, upright_size(place, turn))
        try:
            image.load()
            left = turn_of(image)  # some decoders turn the picture themselves
            if left != turn:
                turn, place = left, place_for(upright_size(image.size, left))
            smaller = reduced(eight_bit(image), upright_size(place, turn))
            rgb = to_srgb(smaller, image.info.get("icc_profile"))
        except MemoryError:
            raise _too_large(path) from None
        except Exception as error:
            raise _broken(path, error) from error
    return rgb.transpose(turn) if turn is not None else rgb


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Silence Pillow's warnings about large and slightly broken files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def check_file(path: Path, kind: str = "picture") -> None:
    """Refuse anything but a non-empty regular file.

    Args:
        path: The file.
        kind: What it should be, for the message.

    Raises:
        PictureError: It is missing, unreadable, empty or not a regular file.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise PictureError(f'there is no {kind} "{path}"', "correct its name") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):  # a pipe would block
        raise PictureError(f'"{path}" is no file', f"name a {kind} file")
    if status.st_size == 0:
        raise PictureError(f'the {kind} "{path}" is empty', "copy it again")


def open_animation(path: Path) -> Pillow.Image | None:
    """Open a WebP, PNG or AVIF, animated or not, without decoding it; None for other files.

    Raises:
        PictureError: It has more than `MAX_MEGAPIXELS`.
    """
    with quiet_pillow():
        try:
            image = _identified(path, _ANIMATED)
            getattr(image, "n_frames", 1)  # which some broken files have no answer to
        except Exception:  # each decoder has its own; whoever tries next says what is wrong
            return None
    try:
        _check_pixels(path, image.size)
    except PictureError:
        image.close()
        raise
    return image


def _opened(path: Path) -> Pillow.Image:
    try:
        image = _identified(path, _FORMATS)
    except Pillow.DecompressionBombError:
        return _opened_large_jpeg(path)
    except UnidentifiedImageError:
        raise PictureError(f'"{path}" is no picture of a known kind', _CURE) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    except Exception as error:  # every decoder raises its own kinds of errors
        raise _broken(path, error) from error
    if image.format == "GIF" and image.size != _size_of_gif(path):
        image.close()
        raise _broken(path, ValueError("a frame is larger than the header says"))
    return image


def _identified(path: Path, formats: Sequence[str]) -> Pillow.Image:
    Pillow.init()
    return Pillow.open(path, formats=[name for name in formats if name in Pillow.OPEN])


def _opened_large_jpeg(path: Path) -> Pillow.Image:
    """Open a JPEG that Pillow finds too large, unaware that it will be reduced."""
    try:
        return JpegImageFile(path)
    except Exception:  # no JPEG
        raise _too_large(path) from None


def _size_of_gif(path: Path) -> Size:
    with path.open("rb") as file:
        head = file.read(10)
    return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")


def _is_animated(image: Pillow.Image) -> bool:
    return getattr(image, "n_frames", 1) > 1


def _shrink_while_decoding(path: Path, image: Pillow.Image, place: Size) -> None:
    """Have a JPEG reduced while decoding, to twice its display size or to what memory allows.

    Raises:
        PictureError: It is still too large.
    """
    width, height = image.size
    most = MAX_PROGRESSIVE_MEGAPIXELS if image.info.get("progressive") else MAX_JPEG_MEGAPIXELS
    if width * height <= most * 1_000_000:
        by = 1
        while width * height > MAX_MEGAPIXELS * 1_000_000 * by * by:
            by *= 2
        image.draft(None, (min(2 * place[0], width // by), min(2 * place[1], height // by)))
    _check_pixels(path, image.size)


def _check_pixels(path: Path, size: Size) -> None:
    if size[0] * size[1] > MAX_MEGAPIXELS * 1_000_000:
        raise _too_large(path)


def _unreadable(path: Path, error: Exception) -> PictureError:
    reason = (isinstance(error, OSError) and error.strerror) or error
    return PictureError(
        f'the picture "{path}" cannot be read ({reason})', "check its name and permissions"
    )


def _broken(path: Path, error: Exception) -> PictureError:
    logger.debug("decoding %s: %r", path, error)
    return PictureError(
        f'the picture "{path}" is broken, cut off or of an unusual kind',
        f"copy it again, or {_CURE}",
    )


def _too_large(path: Path) -> PictureError:
    return PictureError(
        f'the picture "{path}" has more than {MAX_MEGAPIXELS} megapixels',
        "save a smaller copy; the size of your screen is plenty",
    )
