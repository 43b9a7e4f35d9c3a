"""The card that viewers see while the camera's picture may not be shown."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from vcam.backgrounds.fitting import Fitting
from vcam.config.schema.output import PlaceholderConfig
from vcam.images.fonts import Font, font_for
from vcam.images.picture_files import load_picture
from vcam.images.types import I420

_TALLEST, _SMALLEST = 0.11, 0.02
"""Letter height as a share of the frame's; text that does not fit is made smaller."""
_WIDEST, _HIGHEST = 0.8, 0.7
"""Most of the frame's width and height that the text may fill."""
_LINE = 1.3
_SHADE = (0, 0, 0, 120)
"""Darkens what is behind the text, so that it is legible on any picture."""


def make_card(config: PlaceholderConfig, background: I420) -> I420 | None:
    """The card, of the same size as `background`; None if none is configured.

    Args:
        config: What is on it.
        background: A picture with nothing of the room in it, for a card without one.

    Raises:
        PictureError: Its picture cannot be used.
    """
    if config.type != "card":
        return None
    card = background
    if config.path is not None:
        fitting = Fitting(background.width, background.height)
        card = fitting.still(load_picture(config.path, fitting.place))
    return _with_words(card, config.text.strip()) if config.text.strip() else card


def _with_words(card: I420, text: str) -> I420:
    """`card` with centred white text on a shade."""
    picture = Pillow.fromarray(np.ascontiguousarray(card.to_bgr()[..., ::-1]))
    width, height = picture.size
    size = _TALLEST * height
    while True:
        font = font_for(text, max(4.0, size))
        lines = _wrapped(text, font, _WIDEST * width)
        wide, high = max(font.getlength(line) for line in lines), len(lines) * _LINE * size
        if size <= _SMALLEST * height or (wide <= _WIDEST * width and high <= _HIGHEST * height):
            break
        size *= 0.9
    shade = Pillow.new("RGBA", picture.size)
    draw = ImageDraw.Draw(shade)
    x, y, pad = width / 2, height / 2, 0.6 * size
    edges = (x - wide / 2 - pad, y - high / 2 - pad, x + wide / 2 + pad, y + high / 2 + pad)
    draw.rounded_rectangle(edges, radius=pad, fill=_SHADE)
    top = y - high / 2 + _LINE * size / 2
    for index, line in enumerate(lines):
        place = (x, top + index * _LINE * size)
        draw.text(place, line, font=font, fill="white", anchor="mm")
    picture.paste(shade, mask=shade)
    return I420.from_bgr(np.ascontiguousarray(np.asarray(picture)[..., ::-1]))


def _wrapped(text: str, font: Font, width: float) -> list[str]:
    """Lines no wider than that, unless a single word is; the text's own breaks are kept."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
