"""A smooth run of colours."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vcam.errors import BackgroundError
from vcam.images.types import I420, Plane

_Floats = npt.NDArray[np.float32]

# Full-range RGB to limited-range Y, U, V, the same for all of BT.601.
_BT601 = np.array(
    [
        [65.481, 128.553, 24.966],
        [-37.797, -74.203, 112.0],
        [112.0, -93.786, -18.214],
    ]
)
_OFFSET = np.array([16.0, 128.0, 128.0])


def draw_gradient(
    width: int,
    height: int,
    stops: Sequence[tuple[float, tuple[int, int, int]]],
    angle: float,
) -> I420:
    """A linear gradient with the meaning of CSS `linear-gradient`.

    The planes are computed from the stops in real numbers and dithered by half a level, so no
    bands show.

    Args:
        width: Of the output, pixels.
        height: Of the output, pixels.
        stops: Two or more (place, (red, green, blue)): the place 0..1 along the line, the colour
            0..255. A place before an earlier one counts as that earlier one.
        angle: Degrees clockwise: 0 runs upwards, 90 to the right. Places 0 and 1 lie where the
            perpendiculars to the line touch the corners.

    Raises:
        BackgroundError: There are fewer than two stops.
    """
    if len(stops) < 2:
        raise BackgroundError(
            f"a gradient of {len(stops)} colours", "name two or more in background.stops"
        )
    places = np.maximum.accumulate([place for place, _ in stops])
    colors = np.array([rgb for _, rgb in stops], np.float64) / 255 @ _BT601.T + _OFFSET
    picture = I420(width, height)
    for index, plane in enumerate(picture.planes):
        line = _places(width, height, math.radians(angle), step=1 if index == 0 else 2)
        levels = np.interp(line, places, colors[:, index])
        plane[:] = _dither(levels.astype(np.float32))
    return picture


def _places(width: int, height: int, angle: float, step: int) -> _Floats:
    """Where each sample of a plane lies along the gradient's line: 0 at its start, 1 at its end.

    A sample stands for step x step pixels. See CSS Images 3, section 3.1.
    """
    right, up = math.sin(angle), math.cos(angle)
    length = abs(width * right) + abs(height * up)
    x = np.arange(0, width, step, dtype=np.float32) + step / 2 - width / 2
    y = np.arange(0, height, step, dtype=np.float32) + step / 2 - height / 2
    place = (x[None, :] * right - y[:, None] * up) / length + 0.5
    return np.asarray(place, np.float32)


def _dither(levels: _Floats) -> Plane:
    """Round `levels` up or down by a fixed pattern that keeps their mean.

    The pattern is interleaved gradient noise (Jimenez, "Next Generation Post Processing in Call
    of Duty", 2014).
    """
    height, width = levels.shape
    x = np.arange(width, dtype=np.float64)[None, :]
    y = np.arange(height, dtype=np.float64)[:, None]
    noise = 0.06711056 * x + 0.00583715 * y
    noise -= np.floor(noise)
    noise *= 52.9829189
    noise -= np.floor(noise)
    noise += levels
    return np.clip(noise, 0, 255, out=noise).astype(np.uint8)
