"""Where frames come from. A new source is one file and one line in `_TYPES`."""

from __future__ import annotations

from collections.abc import Callable

from vcam.config.schema import Config
from vcam.sources.base import Source

__all__ = ["Source", "open_source"]


def _device(config: Config) -> Source:
    from vcam.devices.cameras import find_camera
    from vcam.sources.camera import CameraSource

    camera, output = config.camera, config.output
    own = output.device if output.type == "virtual-camera" else ""
    found = find_camera(camera.device, exclude=own)
    return CameraSource(found, camera.width, camera.height, camera.fps, camera.pixel_format)


def _video(config: Config) -> Source:
    from vcam.sources.video import VideoSource

    assert config.camera.path is not None  # the schema sees to it
    return VideoSource(config.camera.path)


def _image(config: Config) -> Source:
    from vcam.sources.still import StillSource

    assert config.camera.path is not None  # the schema sees to it
    return StillSource(config.camera.path, config.camera.fps)


def _scene(config: Config) -> Source:
    from vcam.sources.scene import SceneSource

    camera = config.camera
    return SceneSource(camera.width, camera.height, camera.fps)


_TYPES: dict[str, Callable[[Config], Source]] = {
    "device": _device,
    "video": _video,
    "image": _image,
    "scene": _scene,
}


def open_source(config: Config) -> Source:
    """Open the source that the configuration's camera section asks for.

    Raises:
        SourceError: It cannot be opened.
    """
    return _TYPES[config.camera.type](config)
