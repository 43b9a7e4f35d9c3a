"""Writing to a v4l2loopback node, with its errors detected.

pyvirtualcam would print write errors and carry on, has no wheel for every Linux, and with
v4l2loopback 0.12 leaves a node behind that nothing can write to until the driver is reloaded.
"""

from __future__ import annotations

import errno
import logging
from dataclasses import replace
from typing import Literal

from vcam.devices.capabilities import Capabilities
from vcam.devices.host import HOST, Host
from vcam.devices.loopback import DRIVER, lacks_exclusive_caps, mark_as_writer, not_exclusive
from vcam.devices.node_errors import output_busy, output_locked, output_taken, output_unopened
from vcam.devices.nodes import Node, holders, list_nodes
from vcam.devices.v4l2 import OUTPUT, Device, Format
from vcam.errors import SinkError
from vcam.images.types import Plane

logger = logging.getLogger(__name__)

_WATCH = 25
_PAUSE = 0.02


class LoopbackWriter:
    """Writes frames to a loopback node.

    Args:
        path: The node's.
        width: Pixels, even.
        height: Pixels, even.
        fps: The rate that readers are told.
        fourcc: The V4L2 pixel format: planar 4:2:0 or packed 4:2:2.
        host: The machine.

    Attributes:
        path: The node's.

    Raises:
        SinkError: The node cannot be written to at this size; the message says what to do.
    """

    def __init__(
        self,
        path: str,
        width: int,
        height: int,
        fps: float,
        fourcc: Literal["YU12", "YUYV"] = "YU12",
        host: Host = HOST,
    ) -> None:
        self.path, self._host = path, host
        self._size, self._fourcc = (width, height), fourcc
        if width % 2 or height % 2:
            raise SinkError(
                f"{path} cannot take {width}x{height}",
                "set output.width and output.height to even numbers",
            )
        self._device = self._open(fps)

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
                f"{self.path} took {taken} of {frame.nbytes} bytes of a frame",
                "another program has changed its format: close that program",
            )

    def close(self) -> None:
        """Close the node."""
        self._device.close()

    def _open(self, fps: float) -> Device:
        node = self._node()
        device = self._open_device()
        try:
            able = device.capabilities()
            if able.driver != DRIVER:
                raise SinkError(
                    f"{self.path} is {able.card}, not a v4l2loopback node",
                    "set output.device to a v4l2loopback node; `vcam devices` lists them",
                )
            if not able.can_output:
                device = self._mend(device, able, node)
                able = device.capabilities()
            self._prepare(device, able, node, fps)
        except OSError as error:
            device.close()
            raise SinkError(f"{self.path} cannot be set up: {error.strerror}") from error
        except SinkError:
            device.close()
            raise
        return device

    def _node(self) -> Node:
        for node in list_nodes(self._host):
            if node.path == self.path:
                return node
        return Node(self.path, -1, "")

    def _open_device(self) -> Device:
        try:
            return Device(self.path, self._host)
        except OSError as error:
            raise output_unopened(self.path, error, self._host) from error

    def _mend(self, device: Device, able: Capabilities, node: Node) -> Device:
        """Restore the output capability of a stuck node (`is_stuck`); returns it reopened.

        A writer that is still active removes it again with its next frame.

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
                raise output_busy(self.path, self._host)
            if able.can_capture:
                self._host.sleep(_PAUSE)
        logger.info("%s was left without its output by an earlier program; mended", self.path)
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
            logger.debug("%s does not take a rate: %s", self.path, error)

    def _set_format(self, device: Device, node: Node) -> None:
        asked = Format(self._fourcc, *self._size)
        if node.held_size not in (None, self._size) and holders(self.path, self._host):
            if node.state == "capture":  # it would not even tell its format
                raise output_taken(device, self._host)
            raise output_locked(self.path, device.format(OUTPUT), self._host)
        try:
            granted = device.set_output_format(asked.fourcc, asked.width, asked.height)
        except OSError as error:
            if error.errno not in (errno.EBUSY, errno.EINVAL):
                raise
            if node.state == "capture":
                raise output_taken(device, self._host) from error
            held = device.format(OUTPUT)
            if replace(held, image_size=0) == asked:
                raise output_busy(self.path, self._host) from error
            raise output_locked(self.path, held, self._host) from error
        if replace(granted, image_size=0) != asked:
            raise output_locked(self.path, granted, self._host)

    def _failed_write(self, error: OSError) -> SinkError:
        if error.errno in (errno.EBUSY, errno.EINVAL):
            return output_busy(self.path, self._host)
        if error.errno in (errno.ENODEV, errno.EBADF):
            return SinkError(f"{self.path} has gone", "the driver was unloaded: load it again")
        return SinkError(f"{self.path} took no frame: {error.strerror}")
