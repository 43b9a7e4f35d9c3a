"""Sending a test card through the virtual camera and reading it back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vcam.config.schema.output import OutputConfig
from vcam.devices.loopback import find_virtual_camera
from vcam.devices.nodes import Node
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.pipewire.packing import Packer
from vcam.service.lock import Lock
from vcam.service.runtime import Instance
from vcam.sinks.loopback import LoopbackWriter
from vcam.sinks.virtual_camera import VirtualCameraSink
from vcam.tools.testcard.chromium import find_chromium, read_chromium
from vcam.tools.testcard.pattern import Card
from vcam.tools.testcard.player import Destination, Player
from vcam.tools.testcard.reading import read_opencv, read_streaming
from vcam.tools.testcard.verdict import Comparison, Reading, judge

SECONDS = 3.0
"""How long each reader watches."""


@dataclass(frozen=True)
class Playback:
    """Plays the test card into the virtual camera and reads it back as apps do.

    Attributes:
        output: Which virtual camera, and the size and rate to send.
        seconds: How long each reader watches.
        with_browser: Try headless Chromium too, where it is installed.
    """

    output: OutputConfig
    seconds: float = SECONDS
    with_browser: bool = True

    def run(self) -> Iterator[Comparison]:
        """All checks, yielded as they are completed.

        Raises:
            ServiceError: vcam runs for this virtual camera.
            SinkError: The card cannot be played; the message says what to do.
        """
        if sys.platform != "linux":
            raise SinkError("the test card is read off v4l2loopback nodes, which only Linux has")
        if self.output.type != "virtual-camera":
            raise SinkError(
                f"the test card needs a v4l2loopback node, and output.type is {self.output.type}",
                commands=("vcam set output.type=virtual-camera",),
            )
        node = find_virtual_camera(self.output.device)
        with Lock(Instance.of(self.output)):
            yield from self._play(self._open_sink, self._readers_of_i420(node))
            yield from self._play(lambda: _Packed(node.path, self.output), self._yuyv(node))

    def _play(
        self, open_destination: Callable[[], Destination], readers: list[Callable[[], Reading]]
    ) -> Iterator[Comparison]:
        output = self.output
        size = output.width, output.height
        with Player(open_destination, Card(*size), output.fps) as player:
            for read in readers:
                reading = read()
                if player.problem:
                    raise player.problem
                yield from judge(reading, size, output.fps, player.sent)

    def _open_sink(self) -> Destination:
        output = self.output
        return VirtualCameraSink(output.device, output.width, output.height, output.fps)

    def _readers_of_i420(self, node: Node) -> list[Callable[[], Reading]]:
        size = self.output.width, self.output.height
        readers: list[Callable[[], Reading]] = [
            lambda: read_streaming(node.path, "YU12", self.seconds),
            lambda: read_opencv(node.path, self.seconds),
        ]
        browser = find_chromium() if self.with_browser else None
        if browser is not None:
            readers.append(lambda: read_chromium(browser, node.name, size, self.seconds))
        return readers

    def _yuyv(self, node: Node) -> list[Callable[[], Reading]]:
        return [lambda: read_streaming(node.path, "YUYV", self.seconds)]


class _Packed:
    """The node carrying packed 4:2:2, which vcam itself never sends but other programs may."""

    def __init__(self, path: str, output: OutputConfig) -> None:
        width, height = output.width, output.height
        self._packer = Packer(width, height)
        self._node = LoopbackWriter(path, width, height, output.fps, "YUYV")

    def send(self, frame: I420) -> None:
        self._node.send(self._packer.pack(frame))

    def close(self) -> None:
        self._node.close()
