"""Backgrounds: what is shown behind the person.

A new background is one file and one line in `_TYPES`, or in `_MOVING` if a worker does its slow
work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vcam.backgrounds.base import Background, Stepping
from vcam.backgrounds.still import NEUTRAL, Still
from vcam.backgrounds.worker import MakeWorker, ThreadWorker
from vcam.config.schema.background import BackgroundConfig
from vcam.config.schema.plugins import BACKGROUNDS, make_plugin
from vcam.errors import BackgroundError

if TYPE_CHECKING:
    from vcam.backgrounds.fitting import Fitting

__all__ = ["Background", "Stepping", "make_background"]


def _color(config: BackgroundConfig, width: int, height: int) -> Background:
    return Still.plain(width, height, config.color)


def _gradient(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.gradient import draw_gradient

    stops = [(stop.at, stop.color) for stop in config.stops]
    return Still(draw_gradient(width, height, stops, config.angle))


def _drawn(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.drawn import draw_room

    return Still(draw_room(config.name, width, height))


def _image(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.images.picture_files import load_picture

    assert config.path is not None  # the schema sees to it
    fitting = _fitting(config, width, height)
    return Still(fitting.still(load_picture(config.path, fitting.place)))


def _video(
    config: BackgroundConfig, width: int, height: int, make_worker: MakeWorker
) -> Background:
    from vcam.backgrounds.video import VideoBackground

    assert config.path is not None
    return VideoBackground(config.path, _fitting(config, width, height), make_worker)


def _slideshow(
    config: BackgroundConfig, width: int, height: int, make_worker: MakeWorker
) -> Background:
    from vcam.backgrounds.playlist import make_playlist
    from vcam.backgrounds.slideshow import SlideshowBackground

    playlist = make_playlist(config.path, config.paths, config.order)
    fitting = _fitting(config, width, height)
    return SlideshowBackground(playlist, fitting, config.interval, config.fade, make_worker)


def _blur(config: BackgroundConfig, width: int, height: int) -> Background:
    from vcam.backgrounds.blur import BlurBackground

    return BlurBackground(width, height, config.strength, config.style)


def _mask(config: BackgroundConfig, width: int, height: int) -> Background:
    return Still.plain(width, height, (0, 0, 0))


def _none(config: BackgroundConfig, width: int, height: int) -> Background:
    return Still.plain(width, height, NEUTRAL)


def _transparent(config: BackgroundConfig, width: int, height: int) -> Background:
    raise BackgroundError(
        "background.type is transparent, and only files can be that",
        "`vcam process IN OUT` writes them; else `vcam background blur` or another",
    )


def _fitting(config: BackgroundConfig, width: int, height: int) -> Fitting:
    from vcam.backgrounds.fitting import Fitting

    return Fitting(
        width,
        height,
        fit=config.fit,
        color=config.color,
        focus=(config.focus.x, config.focus.y),
        brightness=config.brightness,
        blur=config.blur,
    )


_TYPES: dict[str, Callable[[BackgroundConfig, int, int], Background]] = {
    "color": _color,
    "gradient": _gradient,
    "drawn": _drawn,
    "image": _image,
    "blur": _blur,
    "mask": _mask,
    "transparent": _transparent,
    "none": _none,
}
"""With `mask` and `none` the pipeline shows the matte or the room; these appear if it cannot."""


_MOVING: dict[str, Callable[[BackgroundConfig, int, int, MakeWorker], Background]] = {
    "video": _video,
    "slideshow": _slideshow,
}


def make_background(
    config: BackgroundConfig, width: int, height: int, make_worker: MakeWorker = ThreadWorker
) -> Background:
    """Make the background that the configuration asks for, at the output's size.

    Args:
        config: What to make.
        width: Of the output, pixels.
        height: Of the output, pixels.
        make_worker: Makes the worker that decodes videos and loads slides; a thread by default.

    Raises:
        BackgroundError: Its folder or its list of pictures cannot be used.
        PictureError: Its picture cannot be used.
        VideoError: Its video cannot be used.
    """
    if config.type in _MOVING:
        return _MOVING[config.type](config, width, height, make_worker)
    if config.type in _TYPES:
        return _TYPES[config.type](config, width, height)
    made: Background = make_plugin(BACKGROUNDS, config, config.type, width, height)
    return made
