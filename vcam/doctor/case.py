"""Facts that several checks share, each determined once."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from vcam.config import Config, LoadedConfig, find_config
from vcam.devices.cameras import Camera, find_camera
from vcam.devices.capabilities import Capabilities
from vcam.devices.loopback import find_virtual_camera
from vcam.devices.nodes import Holder, Node, holders
from vcam.devices.v4l2 import Device
from vcam.doctor.system import System
from vcam.errors import ConfigError, VcamError
from vcam.service.conversation import request
from vcam.service.lookup import find_instance
from vcam.service.owners import holder

Status = dict[str, Any]


def _ask(config_path: Path | None) -> Status | None:
    """The running vcam's status; None if none runs."""
    instance = find_instance(config_path)
    return None if holder(instance) is None else request(instance, "status")


class Case:
    """One machine with one configuration.

    Nothing here disturbs a running vcam, or programs that read or write: nodes are opened for
    queries, never to stream.

    Args:
        system: The machine.
        config_path: The YAML file; None for the user's own.
        ask: Gives the status of the vcam of that file; None where none runs.
    """

    def __init__(
        self,
        system: System | None = None,
        config_path: Path | None = None,
        ask: Callable[[Path | None], Status | None] = _ask,
    ) -> None:
        self.system = system or System()
        self.config_path = config_path
        self._ask = ask

    @property
    def loaded(self) -> LoadedConfig:
        """The configuration and where it came from.

        Raises:
            ConfigError: It cannot be used.
        """
        return find_config(self.config_path)

    @cached_property
    def config(self) -> Config:
        """The configuration, or the defaults if it cannot be used."""
        try:
            return self.loaded.config
        except (ConfigError, OSError):  # said by the link that looks at the file
            return Config()

    def ask(self) -> Status | None:
        """The running vcam's status; None if none runs.

        Raises:
            VcamError: One runs but does not answer.
        """
        return self._ask(self.config_path)

    @cached_property
    def status(self) -> Status:
        """The running vcam's status; empty where none runs or answers."""
        try:
            return self.ask() or {}
        except VcamError:  # said by the link that asks it
            return {}

    @property
    def wants_node(self) -> bool:
        """Whether the output is a virtual camera."""
        return self.config.output.type == "virtual-camera"

    @cached_property
    def camera(self) -> Camera:
        """The configured camera.

        Raises:
            SourceError: There is none, or several.
        """
        own = self.config.output.device if self.wants_node else ""
        return find_camera(self.config.camera.device, exclude=own, host=self.system.host)

    @cached_property
    def node(self) -> Node:
        """The configured virtual camera.

        Raises:
            SinkError: There is none, or several.
        """
        return find_virtual_camera(self.config.output.device, self.system.host)

    @cached_property
    def able(self) -> Capabilities:
        """The virtual camera's current capabilities.

        Raises:
            SinkError: There is none.
            OSError: It cannot be queried.
        """
        with Device(self.node.path, self.system.host) as device:
            return device.capabilities()

    @cached_property
    def users(self) -> list[Holder]:
        """The programs other than vcam that have the virtual camera open."""
        own = self.status.get("pid")
        return [user for user in holders(self.node.path, self.system.host) if user.pid != own]

    def refusal(self, path: str) -> int:
        """The `errno` of opening a node; 0 if it can be opened."""
        try:
            Device(path, self.system.host).close()
        except OSError as error:
            return error.errno or errno.EIO
        return 0

    def is_forbidden(self, path: str) -> bool:
        """Whether this user may not open a node."""
        return self.refusal(path) in (errno.EACCES, errno.EPERM)
