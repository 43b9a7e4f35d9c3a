"""Choosing among the modes a camera offers."""

from __future__ import annotations

from collections.abc import Sequence

from vcam.devices.cameras import Camera
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.pixel_formats import COLOURED, DECODERS, READABLE, in_words
from vcam.errors import SourceError

FOURCCS = {
    "mjpg": "MJPG",
    "yuyv": "YUYV",
    "uyvy": "UYVY",
    "nv12": "NV12",
    "i420": "YU12",
    "bgr": "BGR3",
}
"""The pixel formats that can be requested, and their V4L2 names."""

SLACK = 0.5
"""Tolerance in frames per second: 29.97 is as good as 30."""


_ORDER = (*READABLE, *DECODERS)


def choose_mode(
    camera: Camera, width: int, height: int, fps: float, pixel_format: str = "auto"
) -> CaptureMode | None:
    """The mode to request from `camera`; None if it does not list its modes.

    The nearest size counts first, then whether the rate is reached, then raw before MJPG.

    Args:
        camera: The camera.
        width: The size wanted, in pixels.
        height: The size wanted, in pixels.
        fps: The rate wanted.
        pixel_format: A key of FOURCCS, or "auto".

    Raises:
        SourceError: `pixel_format` is not among those the camera offers, or none of them can be
            decoded.
    """
    usable = [mode for mode in camera.modes if mode.fourcc in READABLE]
    usable = usable or [mode for mode in camera.modes if mode.fourcc in DECODERS]
    if camera.modes and not usable:
        offered = in_words(mode.fourcc for mode in camera.modes)
        raise SourceError(
            f"{camera} offers only {offered}, which vcam cannot decode",
            "set camera.device to another camera; `vcam devices` lists them",
        )
    if pixel_format != "auto":
        usable = [mode for mode in camera.modes if mode.fourcc == FOURCCS[pixel_format]]
        if camera.modes and not usable:
            raise SourceError(f"{camera} does not offer {pixel_format}", _formats(camera.modes))
    coloured = [mode for mode in usable if mode.fourcc in COLOURED]

    def distance(mode: CaptureMode) -> tuple[float, float, int]:
        w, h = mode.nearest(width, height)
        lacking = fps - SLACK - mode.rates[0] if mode.rates else 0.0
        order = _ORDER.index(mode.fourcc)
        return abs(w - width) + abs(h - height), max(0.0, lacking), order

    return min(coloured or usable, key=distance, default=None)


def _formats(modes: Sequence[CaptureMode]) -> str:
    offered = dict.fromkeys(mode.fourcc for mode in modes)
    names = [name for name, fourcc in FOURCCS.items() if fourcc in offered]
    return f"set camera.pixel_format to auto or one of: {', '.join(names) or 'none'}"
