"""Reading the virtual camera in the ways that programs do."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable

import cv2
import numpy as np

from vcam.devices.nodes import holders
from vcam.devices.streaming import Stream
from vcam.images.types import I420, Image, Plane
from vcam.tools.testcard.pattern import sample
from vcam.tools.testcard.verdict import Picture, Reading

WARM_UP = 0.5
"""Seconds ignored at first: the driver begins with stale frames."""

_SILENCE = 5.0


def read_streaming(path: str, fourcc: str, seconds: float) -> Reading:
    """Read a node as most apps do: by mapped buffers.

    Args:
        path: The node.
        fourcc: The format to request: YU12 or YUYV.
        seconds: How long to watch.
    """
    asked = {"YU12": "I420", "YUYV": "YUYV"}
    name = f"V4L2 streaming, {asked[fourcc]}"
    try:
        with Stream(path, fourcc=fourcc) as capture:
            if capture.fourcc != fourcc:
                got = asked.get(capture.fourcc, capture.fourcc)
                return Reading(name, problem=f"the node gives {got} where this was asked for")
            seen = _watch(lambda: _picture(capture), seconds)
            return _reading(name, seen, states=capture.colours)
    except OSError as error:
        return Reading(name, problem=_refused(path, error))


def read_opencv(path: str, seconds: float) -> Reading:
    """Read a node through OpenCV."""
    name = f"OpenCV {cv2.__version__}"
    camera = cv2.VideoCapture(path, cv2.CAP_V4L2)
    try:
        if not camera.isOpened():
            return Reading(name, problem="OpenCV cannot open the node")

        def next_picture() -> Image | None:
            came, picture = camera.read()
            return np.asarray(picture, np.uint8) if came else None

        return _reading(name, _watch(next_picture, seconds), converts=True)
    finally:
        camera.release()


def _watch(next_picture: Callable[[], Image | None], seconds: float) -> list[Picture]:
    """Read pictures for that long after the warm-up, or until no more come."""
    seen: list[Picture] = []
    begin = time.monotonic() + WARM_UP
    last = time.monotonic()
    while (now := time.monotonic()) < begin + seconds and now - last < _SILENCE:
        picture = next_picture()
        at = time.monotonic()
        if picture is None:
            continue
        last = at
        if at >= begin:
            seen.append(Picture(at, (picture.shape[1], picture.shape[0]), sample(picture)))
    return seen


def _reading(name: str, seen: list[Picture], states: str = "", converts: bool = False) -> Reading:
    problem = "" if seen else f"no picture came in {_SILENCE:g} seconds"
    return Reading(name, seen, states=states, problem=problem, converts=converts)


def _picture(capture: Stream) -> Image | None:
    data = capture.read(0.5)
    return None if data is None else _decoded(data, capture)


def _decoded(data: Plane, capture: Stream) -> Image:
    width, height = capture.width, capture.height
    if capture.fourcc == "YUYV":
        packed = data.reshape(height, width, 2)
        return np.asarray(cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_YUY2), np.uint8)
    return I420(width, height, data).to_bgr()


def _refused(path: str, error: OSError) -> str:
    users = ", ".join(map(str, holders(path)))
    if error.errno == errno.EBUSY and users:
        return f"{path} is read by {users}; the driver gives its pictures to one program at a time"
    return f"{path} cannot be read ({error.strerror})"
