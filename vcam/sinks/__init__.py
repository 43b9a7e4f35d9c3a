"""Where frames go. A new sink is one file and one line in `_TYPES`."""

from __future__ import annotations

import os
from collections.abc import Callable

from vcam.config.schema.output import OutputConfig
from vcam.config.schema.plugins import SINKS, make_plugin
from vcam.errors import SinkError
from vcam.sinks.base import Sink, TellsReaders

__all__ = ["Sink", "TellsReaders", "open_sink"]


def _virtual_camera(output: OutputConfig) -> Sink:
    from vcam.sinks.virtual_camera import VirtualCameraSink

    return VirtualCameraSink(output.device, output.width, output.height, output.fps)


def _pipewire(output: OutputConfig) -> Sink:
    from vcam.sinks.pipewire import PipeWireSink

    return PipeWireSink(output.device, output.width, output.height, output.fps)


def _file(output: OutputConfig) -> Sink:
    from vcam.sinks.video import VideoSink

    assert output.path is not None  # the schema sees to it
    if os.path.lexists(output.path):  # a film, or the camera's own file
        raise SinkError(
            f"{output.path} is there already", "move it away, or name another file in output.path"
        )
    return VideoSink(output.path, output.width, output.height, output.fps)


_TYPES: dict[str, Callable[[OutputConfig], Sink]] = {
    "virtual-camera": _virtual_camera,
    "pipewire": _pipewire,
    "file": _file,
}


def open_sink(output: OutputConfig) -> Sink:
    """Open the sink that the configuration's output section asks for.

    Raises:
        SinkError: It cannot be opened.
    """
    if output.type not in _TYPES:
        made: Sink = make_plugin(SINKS, output, output.type, output)
        return made
    return _TYPES[output.type](output)
