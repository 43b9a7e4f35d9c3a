"""What stands behind the person. A new background is one file and one line in `_TYPES`."""

from __future__ import annotations

from collections.abc import Callable

from vcam.backgrounds.base import Background
from vcam.config.schema import BackgroundConfig

__all__ = ["Background", "make_background"]


def _color(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.color import ColorBackground

    return ColorBackground(width, height, config.color)


def _gradient(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.gradient import GradientBackground

    stops = [(stop.at, stop.color) for stop in config.stops]
    return GradientBackground(width, height, stops, config.angle)


def _image(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.image import ImageBackground

    assert config.path is not None  # the schema sees to it
    return ImageBackground(width, height, config.path, config.fit, config.color)


def _blur(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.blur import BlurBackground

    return BlurBackground(width, height, config.strength)


def _none(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.none import RoomBackground

    return RoomBackground(width, height)


_TYPES: dict[str, Callable[[BackgroundConfig, int, int], Background]] = {
    "color": _color,
    "gradient": _gradient,
    "image": _image,
    "blur": _blur,
    "none": _none,
}


def make_background(config: BackgroundConfig, width: int, height: int) -> Background:
    """Make the background that the configuration asks for, at the output's size.

    Raises:
        BackgroundError: Its picture cannot be used.
    """
    return _TYPES[config.type](config, width, height)
