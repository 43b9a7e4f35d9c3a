"""Picture files: reading whatever people have, and writing."""

from __future__ import annotations

import logging
import stat
import warnings
from collections.abc import Callable, Collection
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageCms, UnidentifiedImageError

from vcam.errors import PictureError, SinkError
from vcam.images.types import Image

logger = logging.getLogger(__name__)

Size: TypeAlias = tuple[int, int]

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".ppm", ".tga")
"""Names that end so are those of still pictures."""

MAX_MEGAPIXELS = 100
"""Larger pictures are refused: a transparent one takes 8 bytes a pixel while it is read."""

# What people have as pictures; not EPS, for which Pillow would start Ghostscript.
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM", "TGA", "JPEG2000")
_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_CURE = "use a JPEG, PNG or WebP file"
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


def is_picture(path: Path) -> bool:
    """Whether the file's name is that of a still picture."""
    return path.suffix.lower() in SUFFIXES


def read_picture(path: Path) -> Image:
    """A picture at its own size, upright: uint8 (h, w, 3), BGR; transparent parts are black.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or too large.
    """
    return plain_bgr(load_picture(path, lambda size: size), (0, 0, 0))


def write_picture(path: Path, image: Image) -> None:
    """Write `image`, uint8 (h, w, 3) BGR, in the format that the file's name says.

    Raises:
        SinkError: It cannot be written.
    """
    try:
        coded, content = cv2.imencode(path.suffix or ".png", image)
    except cv2.error:
        coded = False
    if not coded:
        raise SinkError(f"{path} cannot be written: unknown kind of picture", "end it in .png")
    try:
        path.write_bytes(content.tobytes())
    except OSError as error:
        raise SinkError(
            f"{path} cannot be written ({error.strerror})", "name a file in a folder of yours"
        ) from None


def load_picture(path: Path, place_for: Callable[[Size], Size]) -> Pillow.Image:
    """A picture upright, RGB or RGBA, with sRGB colours, possibly reduced.

    Args:
        path: The file.
        place_for: Told the picture's size, gives the size it will be shown at. A picture that
            is much larger is decoded smaller, but to no less than twice that.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or has more than
            `MAX_MEGAPIXELS`.
    """
    check_file(path)
    # Pillow warns of large and of slightly broken files; what matters is raised below.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _opened(path) as image:
            _check_pixels(path, image.size)
            turn = _turn(image)
            upright = _upright(image.size, turn)
            place = place_for(upright)
            # JPEG decoders can shrink while they decode: twice the place keeps it sharp.
            image.draft(None, _upright((place[0] * 2, place[1] * 2), turn))
            try:
                image.load()
                reduced = _reduced(_eight_bit(image), _upright(place, turn))
                rgb = _to_srgb(reduced, image.info.get("icc_profile"))
            except Exception as error:
                raise _broken(path, error) from error
    return rgb.transpose(turn) if turn is not None else rgb


def check_file(path: Path, kind: str = "picture") -> None:
    """Refuse what is no file with something in it.

    Args:
        path: The file.
        kind: What it should be, for the message.

    Raises:
        PictureError: It is missing, unreadable, empty or no file.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise PictureError(f'there is no {kind} "{path}"', "correct its name") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
        raise PictureError(f'"{path}" is no file', f"name a {kind} file")
    if status.st_size == 0:
        raise PictureError(f'the {kind} "{path}" is empty', "copy it again")


def open_animation(path: Path) -> Pillow.Image | None:
    """An animated GIF, WebP, PNG or AVIF, opened but not decoded; None where it is none.

    Raises:
        PictureError: It has more than `MAX_MEGAPIXELS`.
    """
    known = [name for name in _ANIMATED if name in _registered()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Pillow.open(path, formats=known)
        except Exception:  # each decoder has its own; whoever tries next says what is wrong
            return None
    try:
        _check_pixels(path, image.size)
    except PictureError:
        image.close()
        raise
    return image


def plain_bgr(image: Pillow.Image, color: tuple[int, int, int]) -> Image:
    """`image` over a colour (red, green, blue): a new uint8 (h, w, 3), BGR."""
    canvas = Pillow.new("RGB", image.size, color)
    eight_bit = _eight_bit(image)
    seen = eight_bit.convert("RGBA" if eight_bit.mode == "RGBA" else "RGB")
    canvas.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return np.ascontiguousarray(np.asarray(canvas)[..., ::-1])


def _opened(path: Path) -> Pillow.Image:
    try:
        known = [name for name in _FORMATS if name in _registered()]
        return Pillow.open(path, formats=known)
    except Pillow.DecompressionBombError:
        raise _too_large(path) from None
    except UnidentifiedImageError:
        raise PictureError(f'"{path}" is no picture of a known kind', _CURE) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    except Exception as error:  # each decoder has its own ideas of what to raise
        raise _broken(path, error) from error


def _registered() -> Collection[str]:
    """The formats that this Pillow can read."""
    Pillow.init()
    return Pillow.OPEN


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


def _turn(image: Pillow.Image) -> Pillow.Transpose | None:
    """How to turn the picture upright."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken EXIF block is no reason to refuse the picture
        logger.debug("unreadable EXIF data", exc_info=True)
        return None


def _upright(size: Size, turn: Pillow.Transpose | None) -> Size:
    """`size` with width and height exchanged where `turn` does that."""
    swaps = (
        Pillow.Transpose.TRANSPOSE,
        Pillow.Transpose.ROTATE_270,
        Pillow.Transpose.TRANSVERSE,
        Pillow.Transpose.ROTATE_90,
    )
    return (size[1], size[0]) if turn in swaps else size


def _eight_bit(image: Pillow.Image) -> Pillow.Image:
    """`image` in a mode of 8 bit a channel whose pixels can be averaged."""
    if image.mode.startswith("I"):  # 16 bit grey, which Pillow's own conversion may clip
        deep = np.asarray(image, np.int64)
        return Pillow.fromarray(np.clip(deep / 257 + 0.5, 0, 255).astype(np.uint8))
    if image.mode == "F":
        return image.convert("L")
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBa"):
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _reduced(image: Pillow.Image, place: Size) -> Pillow.Image:
    """`image` divided by a whole number, still at least twice as large as its place."""
    factor = min(image.width // (2 * place[0]), image.height // (2 * place[1]))
    return image.reduce(factor) if factor > 1 else image


def _to_srgb(image: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    """RGB or RGBA with sRGB colours; a profile that cannot be used is left out."""
    if image.mode == "RGBA":
        rgb = _to_srgb(image.convert("RGB"), profile)
        rgb.putalpha(image.getchannel("A"))
        return rgb
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ImportError) as error:
            logger.debug("colour profile ignored: %s", error)
        else:
            if converted is not None:
                return converted
    return image.convert("RGB")
