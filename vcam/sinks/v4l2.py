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
from vcam.devices.loopback import DRIVER
from vcam.devices.nodes import Node, holders, list_nodes
from vcam.devices.v4l2 import OUTPUT, Capabilities, Device, Format
from vcam.errors import SinkError
from vcam.frames import Plane

logger = logging.getLogger(__name__)

NAME = "vcam-v4l2loopback"
"""What the backend is registered as."""

_I420 = int.from_bytes(b"I420", "little")
_WATCH = 25
_PAUSE = 0.02


class V4L2Backend:
    """Writes I420 frames to a loopback node; see `pyvirtualcam.Backend` for who calls what.

    Args:
        width: Pixels, even.
        height: Pixels, even.
        fps: The rate that readers are told.
        fourcc: Must be I420's.
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
        try:
            if fourcc != _I420 or width % 2 or height % 2:
                raise SinkError(
                    f"{device} cannot take {width}x{height}",
                    "set output.width and output.height to even numbers",
                )
            self._device = self._open(fps)
        except SinkError as error:
            report(error)
            raise

    def send(self, frame: Plane) -> None:
        """Write one frame, uint8 (n,), the planes of an I420 picture.

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
        """I420."""
        return _I420

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
            raise _cannot_open(self._path, error, self._host) from error

    def _mend(self, device: Device, able: Capabilities, node: Node) -> Device:
        """Give a node its output capability back; returns it opened anew.

        v4l2loopback before 0.13 with exclusive_caps=1 takes that capability away at the first
        write and restores it only when a descriptor closes that called STREAMON. A program
        that merely wrote leaves the node without it. A writer that is still there takes it
        away again with its next frame.

        Raises:
            SinkError: Another program writes to the node.
        """
        if node.state:
            raise self._busy()
        _mark_as_writer(device)
        device.close()
        mended = self._open_device()
        for _ in range(_WATCH if able.can_capture else 1):
            if not mended.capabilities().can_output:
                mended.close()
                raise self._busy()
            if able.can_capture:
                self._host.sleep(_PAUSE)
        logger.info("%s was left without its output by an earlier program; mended", self._path)
        return mended

    def _prepare(self, device: Device, able: Capabilities, node: Node, fps: float) -> None:
        idle = node.state == "output" or not (node.state or node.held_format)
        if able.can_capture and idle:
            logger.warning(
                "%s was made without exclusive_caps=1, so that Chrome and others do not list it; "
                "scripts/setup-linux --reload mends that",
                node.path,
            )
        self._set_format(device, node)
        if not node.state:
            _mark_as_writer(device)
        try:
            device.set_output_rate(fps)
        except OSError as error:
            logger.debug("%s does not take a rate: %s", self._path, error)

    def _set_format(self, device: Device, node: Node) -> None:
        asked = Format("YU12", *self._size)
        if node.held_size not in (None, self._size) and holders(self._path, self._host):
            raise self._locked(device.format(OUTPUT))
        try:
            granted = device.set_output_format(asked.fourcc, asked.width, asked.height)
        except OSError as error:
            if error.errno not in (errno.EBUSY, errno.EINVAL):
                raise
            held = device.format(OUTPUT)
            if node.state == "capture" or replace(held, image_size=0) == asked:
                raise self._busy() from error
            raise self._locked(held) from error
        if replace(granted, image_size=0) != asked:
            raise self._locked(granted)

    def _busy(self) -> SinkError:
        users = _named(self._path, self._host)
        cure = "stop that program, or set output.device to a node of vcam's own"
        if not users:
            cure += (
                f"; where there is no such program, type v4l2-ctl -d {self._path} -c keep_format=0"
            )
        return SinkError(f"another program writes to {self._path}{users}", cure)

    def _locked(self, held: Format) -> SinkError:
        size = f"{held.width}x{held.height}"
        problem = f"{self._path} is held at {size}"
        if held.fourcc != "YU12":
            problem += f" {held.fourcc.strip()}"
        users = _named(self._path, self._host)
        cure = "close the camera in that program"
        if not users:
            cure = (
                f"close the programs that use it and type v4l2-ctl -d {self._path} -c keep_format=0"
            )
        if held.fourcc == "YU12":
            cure += f", or set output.width and output.height to {size}"
        return SinkError(f"{problem} by a program{users}" if users else problem, cure)

    def _failed_write(self, error: OSError) -> SinkError:
        if error.errno in (errno.EBUSY, errno.EINVAL):
            return self._busy()
        if error.errno in (errno.ENODEV, errno.EBADF):
            return SinkError(f"{self._path} has gone", "the driver was unloaded: load it again")
        return SinkError(f"{self._path} took no frame: {error.strerror}")


def _mark_as_writer(device: Device) -> None:
    """Have the driver restore the node's capabilities when this descriptor closes."""
    try:
        device.stream_on(OUTPUT)
    except OSError as error:  # EINVAL before a format is set; the mark is there all the same
        logger.debug("%s: STREAMON: %s", device.path, error)


def _cannot_open(path: str, error: OSError, host: Host) -> SinkError:
    if error.errno in (errno.EACCES, errno.EPERM):
        return SinkError(
            f"{path} may not be opened by you",
            "type sudo usermod -aG video $USER, log out and log in again",
        )
    if error.errno == errno.EBUSY:
        return SinkError(f"{path} is open too many times{_named(path, host)}", "close a program")
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return SinkError(f"{path} has gone", "load v4l2loopback again")
    return SinkError(f"{path} cannot be opened: {error.strerror}")


def _named(path: str, host: Host) -> str:
    there = ", ".join(map(str, holders(path, host)))
    return f" (open in {there})" if there else ""
