"""What a package needs to provide a background, a segmenter, a source or a sink.

docs/plugins.md shows how.
"""

from vcam.backgrounds.base import Steady
from vcam.config.schema.plugins import Plugin
from vcam.config.schema.value_types import Color, File, Number, Section, Whole
from vcam.images.types import I420, Alpha, Image, Mask

__all__ = [
    "I420", "Alpha", "Color", "File", "Image", "Mask", "Number", "Plugin", "Section", "Steady",
    "Whole",
]  # fmt: skip
