"""The camera that conferencing apps see."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any

from vcam.devices.host import HOST, Host
from vcam.devices.loopback import find_virtual_camera
from vcam.devices.node_errors import ACTIVATE_OBS
from vcam.devices.readers import Readers, watch_readers
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.sinks.loopback import LoopbackWriter

logger = logging.getLogger(__name__)

_DEFAULT_LABEL = "Virtual Camera"


class VirtualCameraSink:
    """A virtual camera: a v4l2loopback node on Linux, elsewhere one that pyvirtualcam supports.

    Args:
        device: On Linux a v4l2loopback node's label or path. Elsewhere the name of the virtual
            camera, where "Virtual Camera" means the first one available.
        width: Pixels, even.
        height: Pixels, even.
        fps: Frames per second that will be sent.
        host: The machine.

    Attributes:
        description: For people, such as "Virtual Camera (/dev/video10), 1280x720 at 30 fps".
        path: The node on Linux; elsewhere the virtual camera's name.

    Raises:
        SinkError: It cannot be opened; the message says what to do.
    """

    def __init__(self, device: str, width: int, height: int, fps: float, host: Host = HOST) -> None:
        if sys.platform == "linux":
            node = find_virtual_camera(device, host)
            name, self.path = node.name, node.path
            self._camera: Any = LoopbackWriter(node.path, width, height, fps, host=host)
        else:
            self._camera = _open_native(device, width, height, fps)
            name = self.path = str(self._camera.device)
        self._host = host
        shown = name if name == self.path else f"{name} ({self.path})"
        self.description = f"{shown}, {width}x{height} at {fps:g} fps"

    def send(self, frame: I420) -> None:
        """Hand a frame over; it may be overwritten as soon as this returns.

        Raises:
            SinkError: The frame was not taken and the sink must be opened anew.
        """
        try:
            self._camera.send(frame.data)
        except RuntimeError as error:
            raise SinkError(f"{self.path} took no frame: {error}") from error

    def readers(self) -> Readers | None:
        """Tracks the programs that read the node from now on; None where that is impossible."""
        return watch_readers(self.path, self._host)

    def close(self) -> None:
        """Free the device."""
        self._camera.close()


def _library() -> Any:
    try:
        return importlib.import_module("pyvirtualcam")
    except ImportError as error:
        raise SinkError(
            f"pyvirtualcam cannot be loaded ({error})", "type pip install --upgrade pyvirtualcam"
        ) from error


def _open_native(device: str, width: int, height: int, fps: float) -> Any:
    library = _library()
    wanted = None if device == _DEFAULT_LABEL else device
    try:
        return library.Camera(width, height, fps, fmt=library.PixelFormat.I420, device=wanted)
    except RuntimeError as error:
        named = " " + repr(device) if wanted else ""
        reason = " ".join(str(error).split())
        raise SinkError(
            f"the virtual camera{named} cannot be opened ({reason})", ACTIVATE_OBS
        ) from error
