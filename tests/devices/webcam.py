"""A camera that sends JPEGs: "Desk Camera", fed by the test itself."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.devices import v4l2
from tests.devices.footage import MAGENTA
from tests.devices.harness import DESK_CAMERA, Vcam, config, wait_for
from tests.devices.stage import Film, Stage, own_places
from vcam.devices.v4l2 import Device
from vcam.images.types import Image


def encode(image: Image) -> bytes:
    """A JPEG as webcams send it: 4:2:2."""
    sampling = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422]
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90, *sampling])[1])


class Webcam(Film):
    """Plays the clip as MJPG, each frame as `spoil` makes it.

    Attributes:
        spoil: Is given a frame's number and its JPEG; gives the bytes to send.
    """

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.spoil: Callable[[int, bytes], bytes] = whole
        count = len(self.clip.person)
        self._jpegs: Sequence[bytes] = [encode(self.clip.picture(n)) for n in range(count)]
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Feed the node."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._halt.set()
        self._thread.join(5)

    def _run(self) -> None:
        v4l2.mend(self.device)
        with Device(self.device) as node:
            node.set_output_format("MJPG", self.clip.width, self.clip.height)
            node.set_output_rate(self.clip.fps)
            for number, jpeg in enumerate(cycle(self._jpegs)):
                node.write(memoryview(self.spoil(number, jpeg)))
                if self._halt.wait(1 / self.clip.fps):
                    return


@contextlib.contextmanager
def plugged_in() -> Iterator[Webcam]:
    """A webcam that is fed, as "Desk Camera"."""
    device = v4l2.nodes().get(DESK_CAMERA)
    if device is None:
        pytest.skip(f'no v4l2loopback node labelled "{DESK_CAMERA}"')
    camera = Webcam(device)
    camera.start()
    try:
        wait_for(lambda: v4l2.capabilities(device) & v4l2.CAPTURE, f"{device} is fed")
        yield camera
    finally:
        camera.close()


@contextlib.contextmanager
def used_by_vcam(camera: Webcam, folder: Path) -> Iterator[Stage]:
    """A vcam that has just been started with the webcam."""
    film = camera.clip
    settings = config({"type": "device", "device": DESK_CAMERA}, film.width, film.height, film.fps)
    with own_places(folder), Vcam(folder, settings) as vcam:
        yield Stage(camera, settings, vcam)


def nobody(camera: Webcam) -> Callable[[int, bytes], bytes]:
    """Nothing but the magenta wall."""
    wall = encode(np.full((camera.clip.height, camera.clip.width, 3), MAGENTA, np.uint8))
    return lambda number, jpeg: wall


def whole(_: int, jpeg: bytes) -> bytes:
    """Nothing is wrong."""
    return jpeg


def smaller(_: int, jpeg: bytes) -> bytes:
    """The picture at half of the size that was granted."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_COLOR_2)
    return encode(np.asarray(image, np.uint8))


def without_tables(_: int, jpeg: bytes) -> bytes:
    """The Huffman tables left out, as Motion JPEG allows."""
    kept, place = jpeg[:2], 2
    while jpeg[place + 1] != 0xDA:  # start of scan
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        kept += jpeg[place:end] if jpeg[place + 1] != 0xC4 else b""
        place = end
    return kept + jpeg[place:]


def padded(_: int, jpeg: bytes) -> bytes:
    """Filled up, as by drivers that send whole buffers."""
    return jpeg + bytes(9000)


def often_broken(number: int, jpeg: bytes) -> bytes:
    """Two of three frames are broken, each in its own way."""
    return (jpeg, jpeg[: len(jpeg) // 2], b"", jpeg, bytes(5000), jpeg[3:])[number % 6]


def always_broken(number: int, jpeg: bytes) -> bytes:
    """No frame that can be shown."""
    return (jpeg[: len(jpeg) // 2], bytes(5000))[number % 2]
