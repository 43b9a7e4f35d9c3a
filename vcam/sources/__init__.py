"""Where frames come from. A new source is one file and one line in `_TYPES`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vcam.config.schema.plugins import SOURCES, make_plugin
from vcam.sources.base import Source

if TYPE_CHECKING:
    from vcam.config.schema import Config  # plugins import this module while Config is made
    from vcam.devices.cameras import Camera

__all__ = ["Source", "check_source", "open_source"]


def _device(config: Config) -> Source:
    from vcam.sources.camera import CameraSource

    camera = config.camera
    return CameraSource(_find(config), camera.width, camera.height, camera.fps, camera.pixel_format)


def _find(config: Config) -> Camera:
    from vcam.devices.cameras import find_camera

    output = config.output
    own = output.device if output.type == "virtual-camera" else ""
    return find_camera(config.camera.device, exclude=own)


def _video(config: Config) -> Source:
    from vcam.sources.video import VideoSource

    assert config.camera.path is not None  # the schema sees to it
    return VideoSource(config.camera.path)


def _image(config: Config) -> Source:
    from vcam.sources.still import StillSource

    assert config.camera.path is not None  # the schema sees to it
    return StillSource(config.camera.path, config.camera.fps)


def _scene(config: Config) -> Source:
    from vcam.sources.scene.scene import SceneSource

    camera = config.camera
    return SceneSource(camera.width, camera.height, camera.fps)


_TYPES: dict[str, Callable[[Config], Source]] = {
    "device": _device,
    "video": _video,
    "image": _image,
    "scene": _scene,
}


def check_source(config: Config) -> None:
    """Make sure that the camera is there, without opening it.

    Raises:
        SourceError: It is not.
    """
    if config.camera.type == "device":
        _find(config)


def open_source(config: Config) -> Source:
    """Open the source that the configuration's camera section asks for.

    Raises:
        SourceError: It cannot be opened.
    """
    camera = config.camera
    if camera.type not in _TYPES:
        made: Source = make_plugin(SOURCES, camera, camera.type, camera)
        return made
    return _TYPES[camera.type](config)
