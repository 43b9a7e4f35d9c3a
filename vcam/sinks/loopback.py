"""A pyvirtualcam backend that notices what goes wrong on a v4l2loopback node.

pyvirtualcam's own backend prints write errors and carries on, and with v4l2loopback 0.12 it
leaves a node behind that nothing can write to until the driver is reloaded.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from dataclasses import replace

from vcam.devices.host import HOST, Host
from vcam.devices.loopback import DRIVER, lacks_exclusive_caps, mark_as_writer, not_exclusive
from vcam.devices.node_errors import output_busy, output_locked, output_taken, output_unopened
from vcam.devices.nodes import Node, holders, list_nodes
from vcam.devices.v4l2 import OUTPUT, Capabilities, Device, Format
from vcam.errors import SinkError
from vcam.images.types import Plane

logger = logging.getLogger(__name__)

NAME = "vcam-v4l2loopback"
"""What the backend is registered as."""

I420_FOURCC = int.from_bytes(b"I420", "little")
YUY2_FOURCC = int.from_bytes(b"YUY2", "little")
"""What pyvirtualcam calls planar 4:2:0 and packed 4:2:2."""

_FORMATS = {I420_FOURCC: "YU12", YUY2_FOURCC: "YUYV"}
_WATCH = 25
_PAUSE = 0.02


class V4L2Backend:
    """Writes frames to a loopback node; see `pyvirtualcam.Backend` for who calls what.

    Args:
        width: Pixels, even.
        height: Pixels, even.
        fps: The rate that readers are told.
        fourcc: `I420_FOURCC` or `YUY2_FOURCC`.
        device: The node's path.
        report: Is given the SinkError that the constructor raises: pyvirtualcam passes on only
            its text.
        host: The machine.

    Raises:
        SinkError: The node cannot be written to at this size; the message says what to do.
    """

    def __init__(
        self,
        *,
        width: int,
        height: int,
        fps: float,
        fourcc: int,
        device: str,
        report: Callable[[SinkError], None] = lambda error: None,
        host: Host = HOST,
    ) -> None:
        self._path, self._host = device, host
        self._size = width, height
        self._native, self._fourcc = fourcc, _FORMATS.get(fourcc, "")
        try:
            if not self._fourcc or width % 2 or height % 2:
                raise SinkError(
                    f"{device} cannot take {width}x{height}",
                    "set output.width and output.height to even numbers",
                )
            self._device = self._open(fps)
        except SinkError as error:
            report(error)
            raise

    def send(self, frame: Plane) -> None:
        """Write one frame, uint8 (n,): the planes of an I420 picture, or packed pixels.

        Raises:
            SinkError: The driver did not take all of it.
        """
        try:
            taken = self._device.write(frame.data)
        except OSError as error:
            raise self._failed_write(error) from error
        if taken != frame.nbytes:
            raise SinkError(
                f"{self._path} took {taken} of {frame.nbytes} bytes of a frame",
                "another program has changed its format: close that program",
            )

    def close(self) -> None:
        """Give the node back."""
        self._device.close()

    def device(self) -> str:
        """The node's path."""
        return self._path

    def native_fourcc(self) -> int:
        """What it was opened with."""
        return self._native

    def _open(self, fps: float) -> Device:
        node = self._node()
        device = self._open_device()
        try:
            able = device.capabilities()
            if able.driver != DRIVER:
                raise SinkError(
                    f"{self._path} is {able.card}, not a v4l2loopback node",
                    "set output.device to a v4l2loopback node; `vcam devices` lists them",
                )
            if not able.can_output:
                device = self._mend(device, able, node)
                able = device.capabilities()
            self._prepare(device, able, node, fps)
        except OSError as error:
            device.close()
            raise SinkError(f"{self._path} cannot be set up: {error.strerror}") from error
        except SinkError:
            device.close()
            raise
        return device

    def _node(self) -> Node:
        for node in list_nodes(self._host):
            if node.path == self._path:
                return node
        return Node(self._path, -1, "")

    def _open_device(self) -> Device:
        try:
            return Device(self._path, self._host)
        except OSError as error:
            raise output_unopened(self._path, error, self._host) from error

    def _mend(self, device: Device, able: Capabilities, node: Node) -> Device:
        """Give a stuck node (`is_stuck`) its output capability back; returns it opened anew.

        A writer that is still there takes it away again with its next frame.

        Raises:
            SinkError: Another program writes to the node.
        """
        if node.state:
            raise output_taken(device, self._host)
        mark_as_writer(device)
        device.close()
        mended = self._open_device()
        for _ in range(_WATCH if able.can_capture else 1):
            if not mended.capabilities().can_output:
                mended.close()
                raise output_busy(self._path, self._host)
            if able.can_capture:
                self._host.sleep(_PAUSE)
        logger.info("%s was left without its output by an earlier program; mended", self._path)
        return mended

    def _prepare(self, device: Device, able: Capabilities, node: Node, fps: float) -> None:
        if lacks_exclusive_caps(node, able):
            logger.warning("%s", not_exclusive(node, self._host))
        self._set_format(device, node)
        if not node.state:
            mark_as_writer(device)
        try:
            device.set_output_rate(fps)
        except OSError as error:
            logger.debug("%s does not take a rate: %s", self._path, error)

    def _set_format(self, device: Device, node: Node) -> None:
        asked = Format(self._fourcc, *self._size)
        if node.held_size not in (None, self._size) and holders(self._path, self._host):
            if node.state == "capture":  # it would not even tell its format
                raise output_taken(device, self._host)
            raise output_locked(self._path, device.format(OUTPUT), self._host)
        try:
            granted = device.set_output_format(asked.fourcc, asked.width, asked.height)
        except OSError as error:
            if error.errno not in (errno.EBUSY, errno.EINVAL):
                raise
            if node.state == "capture":
                raise output_taken(device, self._host) from error
            held = device.format(OUTPUT)
            if replace(held, image_size=0) == asked:
                raise output_busy(self._path, self._host) from error
            raise output_locked(self._path, held, self._host) from error
        if replace(granted, image_size=0) != asked:
            raise output_locked(self._path, granted, self._host)

    def _failed_write(self, error: OSError) -> SinkError:
        if error.errno in (errno.EBUSY, errno.EINVAL):
            return output_busy(self._path, self._host)
        if error.errno in (errno.ENODEV, errno.EBADF):
            return SinkError(f"{self._path} has gone", "the driver was unloaded: load it again")
        return SinkError(f"{self._path} took no frame: {error.strerror}")
