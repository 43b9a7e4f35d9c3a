"""Comparing what an app gets with what it should get."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.devices.footage import MAGENTA, Clip, Region
from tests.devices.harness import Vcam, wait_for
from vcam.images.types import Image

GREEN_BGR = (0x40, 0xB1, 0x00)
ROOM_HIDDEN = 0.995
PERSON_SHOWN = 0.95


def near(picture: Image, other: Image | tuple[int, int, int], levels: int) -> Region:
    """Where each channel of two pictures (or a picture and a colour) differs by at most `levels`.

    Returns:
        bool (h, w).
    """
    off = np.abs(picture.astype(np.int16) - np.asarray(other, np.int16))
    return np.asarray(off.max(2) <= levels)


def shares(picture: Image, clip: Clip) -> tuple[float, float]:
    """How right a picture is: the share of the person shown, and of the room hidden.

    The person's certain pixels must be the camera's own, the room's the green background
    (within the rounding of 4:2:0 and of two conversions). Sizes must be equal.
    """
    frame = clip.match(picture)
    person, room = clip.person[frame], clip.room[frame]
    shown = near(picture, clip.picture(frame), 12)[person].mean()
    hidden = near(picture, GREEN_BGR, 6)[room].mean()
    return float(shown), float(hidden)


def is_green(picture: Image) -> bool:
    """Whether a picture shows nothing but the background."""
    return float(near(picture, GREEN_BGR, 6).mean()) > 0.999


def magenta(picture: Image) -> Region:
    """Where the magenta wall is seen, be it through a half-transparent mask: bool (h, w)."""
    blue, green, red = (picture[..., i].astype(np.int16) for i in range(3))
    assert MAGENTA == (255, 0, 255)
    return np.asarray(np.minimum(blue, red) - green > 40)


def wait_until_right(vcam: Vcam, picture: Callable[[], Image | None], clip: Clip) -> None:
    """Wait for a picture in which the person is shown and the room hidden."""
    last = (0.0, 0.0)

    def right() -> bool:
        nonlocal last
        vcam.check()
        if (image := picture()) is None:
            return False
        assert image.shape[:2] == (clip.height, clip.width)
        last = shares(image, clip)
        return last[0] >= PERSON_SHOWN and last[1] >= ROOM_HIDDEN

    try:
        wait_for(right, f"the person of {clip.path.stem} before the background")
    except AssertionError as error:
        raise AssertionError(f"{error}; last: shown {last[0]:.3f}, hidden {last[1]:.3f}") from None
