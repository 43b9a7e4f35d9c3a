"""Converting Pillow's pictures of any mode and profile to 8-bit sRGB."""

from __future__ import annotations

import logging
from io import BytesIO

import numpy as np
from PIL import Image as Pillow
from PIL import ImageCms

from vcam.images.types import Image, Size

logger = logging.getLogger(__name__)


def plain_bgr(image: Pillow.Image, color: tuple[int, int, int]) -> Image:
    """`image` over a colour (red, green, blue): a new uint8 (h, w, 3), BGR."""
    canvas = eight_bit(image)
    if canvas.mode == "RGBA":
        seen, canvas = canvas, Pillow.new("RGB", image.size, color)
        canvas.paste(seen, mask=seen)
    canvas = canvas.convert("RGB")
    return np.ascontiguousarray(np.asarray(canvas)[..., ::-1])


def reduced(image: Pillow.Image, place: Size) -> Pillow.Image:
    """`image` reduced by an integer factor, still at least twice its display size."""
    factor = min(image.width // (2 * place[0]), image.height // (2 * place[1]))
    return image.reduce(factor) if factor > 1 else image


def eight_bit(image: Pillow.Image) -> Pillow.Image:
    """`image` in an 8-bit mode whose pixels can be averaged."""
    if image.mode.startswith("I"):  # 16 bit grey, which Pillow's own conversion may clip
        deep = np.asarray(image, np.int64)
        return Pillow.fromarray(np.clip(deep / 257 + 0.5, 0, 255).astype(np.uint8))
    if image.mode == "F":
        return image.convert("L")
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBa"):
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def to_srgb(image: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    """RGB or RGBA in sRGB; an unusable profile is ignored."""
    if image.mode == "RGBA":
        rgb = to_srgb(image.convert("RGB"), profile)
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
