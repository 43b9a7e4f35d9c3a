"""Where frames come from. A new source is one file and one line in `_TYPES`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from vcam.config.schema.plugins import SOURCES, make_plugin
from vcam.errors import ConfigError, SourceError
from vcam.sources.base import Source

if TYPE_CHECKING:
    from vcam.config.schema import Config  # plugins import this module while Config is made
    from vcam.devices.cameras import Camera
    from vcam.devices.control_settings import Value

__all__ = ["Source", "check_controls", "check_source", "open_source"]


def _device(config: Config, present: Callable[[], Config]) -> Source:
    from vcam.sources.camera import CameraSource
    from vcam.sources.formats import choose_mode

    wanted, camera = config.camera, _find(config)

    def controls() -> Mapping[str, Value]:
        return present().camera.controls

    def restores() -> bool:
        return present().camera.restore_controls

    asked = (wanted.width, wanted.height, wanted.fps, wanted.pixel_format)
    if not camera.is_readable and (mode := choose_mode(camera, *asked)):
        from vcam.sources.coded import CodedSource

        return CodedSource(camera, mode, controls=controls, restores=restores)
    return CameraSource(camera, *asked, controls=controls, restores=restores)


def _find(config: Config) -> Camera:
    from vcam.devices.cameras import find_camera

    output = config.output
    own = output.device if output.type == "virtual-camera" else ""
    return find_camera(config.camera.device, exclude=own)


def _video(config: Config, present: Callable[[], Config]) -> Source:
    from vcam.sources.video import VideoSource

    assert config.camera.path is not None  # the schema sees to it
    return VideoSource(config.camera.path)


def _image(config: Config, present: Callable[[], Config]) -> Source:
    from vcam.sources.still import StillSource

    assert config.camera.path is not None  # the schema sees to it
    return StillSource(config.camera.path, config.camera.fps)


def _scene(config: Config, present: Callable[[], Config]) -> Source:
    from vcam.sources.scene.scene import SceneSource

    camera = config.camera
    return SceneSource(camera.width, camera.height, camera.fps)


_TYPES: dict[str, Callable[[Config, Callable[[], Config]], Source]] = {
    "device": _device,
    "video": _video,
    "image": _image,
    "scene": _scene,
}


def check_source(config: Config) -> None:
    """Check that the camera is there, without opening it.

    Raises:
        SourceError: It is not.
    """
    if config.camera.type == "device":
        _find(config)


def check_controls(config: Config) -> None:
    """Check that the camera, if present, offers the values its controls are to be set to.

    Raises:
        ConfigError: It does not; names what it offers.
    """
    if config.camera.type != "device" or not config.camera.controls:
        return
    if sys.platform != "linux":
        raise ConfigError(
            "camera.controls: only on Linux can vcam set a camera's controls", "leave it out"
        )
    from vcam.devices.control_settings import control_problems

    try:
        camera = _find(config)
    except SourceError:  # opening it reports this
        return
    if problems := control_problems(camera, config.camera.controls):
        raise ConfigError("\n".join(problems))


def open_source(config: Config, present: Callable[[], Config] | None = None) -> Source:
    """Open the source that the configuration's camera section asks for.

    Args:
        config: What to open.
        present: Returns the current configuration, whose `camera.controls` are followed while the
            camera is open; without it they stay as in `config`.

    Raises:
        SourceError: It cannot be opened.
    """
    camera = config.camera
    if camera.type not in _TYPES:
        made: Source = make_plugin(SOURCES, camera, camera.type, camera)
        return made
    return _TYPES[camera.type](config, present or (lambda: config))
