"""What the light and the camera's exposure do to the picture of a room that stays the same."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.median import upper_median
from vcam.images.types import Image, Plane
from vcam.segmenters.coarse import difference

Gains = npt.NDArray[np.float32]
"""Factors for blue, green and red: float32 (3,)."""

_DARKEST, _BRIGHTEST = (12, 12, 12, 0), (235, 235, 235, 0)
_NONE, _UNCLIPPED = (0, 0, 0, 0), (249, 249, 249, 0)
"""Levels outside are too noisy or clipped: they say nothing about the light."""
_LEAST, _MOST = 0.25, 4.0
_STEADY = 0.008
"""Changes of the light that are not worth the work."""
_UNEXPLAINED = 10
"""Levels from which an error is as bad as any: that is no room."""
_ENOUGH = 0.04
"""Share of the picture that must be room for a judgement."""

_DARKEST_SHADOW, _BRIGHTEST_SPOT = 0.6, 1.3
"""Brightness over that of the room, of what may be the room in a shadow or in a beam of light."""
_SHADOW_LEVELS = 14

_SMOOTH = (9, 9)
"""Pixels over which the light hardly changes."""
_DETAIL, _NOISE = 0.35, 6
"""What may be different of the texture, and besides, in levels."""
_TEXTURE = 5
"""Levels from which there is a texture to be known by."""
_MOSTLY = 178
"""Of 255: share of alike pixels round one."""


def find_gains(picture: Image, room: Image, somebody: Plane, last: Gains) -> Gains:
    """By how much `picture` is brighter than `room`, where it shows the room.

    A change of exposure, of white balance or of the room's lamps multiplies each channel (also
    after the camera's gamma curve). The median of the quotients does not mind if up to half of
    the pixels show something else. Of that median, `last` and no change at all, the one that
    explains the most of the picture wins: somebody who fills most of it is not taken for light.

    Args:
        picture: uint8 (h, w, 3), BGR, small.
        room: The same view as it was learnt, of the same size.
        somebody: uint8 (h, w), not 0 where the person is thought to be.
        last: The factors of the frame before.

    Returns:
        The factors.
    """
    picture, room, somebody = (plane[::2, ::2] for plane in (picture, room, somebody))
    usable = np.asarray(cv2.inRange(room, _DARKEST, _BRIGHTEST), np.uint8)
    usable &= np.asarray(cv2.inRange(picture, _NONE, _UNCLIPPED), np.uint8)
    usable[somebody > 0] = 0
    if cv2.countNonZero(usable) < _ENOUGH * usable.size:
        return last
    now, then = (plane[usable > 0].astype(np.float32) for plane in (picture, room))
    found = upper_median(now / then)
    if np.all(np.abs(found - last) < _STEADY):
        return last
    candidates = np.stack([found, last, np.ones(3)]).astype(np.float32)
    errors = np.minimum(np.abs(now - then * candidates[:, None]), _UNEXPLAINED)
    best = np.argmin(errors.mean((1, 2)))
    return np.asarray(np.clip(candidates[best], _LEAST, _MOST), np.float32)


def undo(picture: Image, room: Image, gains: Gains) -> Image:
    """`picture` as it would look in the light in which `room` was learnt.

    Where the camera clips in today's light, nothing is known but that it may be the room: it
    then counts as such.

    Args:
        picture: uint8 (h, w, 3), BGR.
        room: uint8 (h, w, 3), BGR.
        gains: Of `picture` over `room`.
    """
    if np.all(np.abs(gains - 1) < _STEADY):
        return picture
    levels = np.arange(256, dtype=np.float32)[:, None] / gains
    table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    undone = np.asarray(cv2.LUT(picture, table[:, None]), np.uint8)
    if gains.max() > 1.02:
        clipped = picture >= 250
        np.copyto(undone, np.maximum(undone, room), where=clipped)
    return undone


def relight(room: Image, gains: Gains) -> Image:
    """`room`, uint8 (h, w, 3), as it would look in today's light."""
    if np.all(np.abs(gains - 1) < _STEADY):
        return room
    levels = np.arange(256, dtype=np.float32)[:, None] * gains
    table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(room, table[:, None]), np.uint8)


def recognise(
    picture: Image, room: Image, size: int = 5, texture: float = 3.0, same: float = 0.9
) -> Plane:
    """Where the room's own texture shows: lit in another way perhaps, but not covered.

    It is the correlation of the two in a small window, which no change of light alters.

    Args:
        picture: uint8 (h, w, 3), BGR, small.
        room: As it was learnt, of the same size.
        size: Of the window, in pixels.
        texture: Standard deviation in a window, in levels, from which its texture can be
            recognised.
        same: Correlation of textures from which they are the same.

    Returns:
        uint8 (h, w), 1 where it is the room.
    """
    a, b = (cv2.cvtColor(x, cv2.COLOR_BGR2GRAY).astype(np.uint16) for x in (picture, room))
    mean_a, mean_b, var_a, var_b, both = (
        np.asarray(cv2.boxFilter(x, cv2.CV_32F, (size, size)), np.float32)
        for x in (a, b, a * a, b * b, a * b)  # whole numbers are added up more quickly
    )
    var_a -= mean_a * mean_a
    var_b -= mean_b * mean_b
    both -= mean_a * mean_b
    textured = (var_a > texture**2) & (var_b > texture**2) & (both > 0)
    is_same = both * both > np.float32(same**2) * var_a * var_b
    return np.asarray((textured & is_same).view(np.uint8))


def find_shadows(picture: Image, room: Image, brightest: float = _BRIGHTEST_SPOT) -> Plane:
    """Where `picture` has the colours of `room`, only darker or a little brighter.

    Args:
        picture: uint8 (h, w, 3), BGR.
        room: As it was learnt, of the same size.
        brightest: How many times brighter.

    Returns:
        uint8 (h, w), 1 there.
    """
    light, full = (cv2.cvtColor(x, cv2.COLOR_BGR2GRAY).astype(np.float32) for x in (picture, room))
    share = light / np.maximum(full, 1)
    shaded = np.asarray(cv2.convertScaleAbs(room * share[..., None]), np.uint8)
    possible = (share > _DARKEST_SHADOW) & (share < brightest)
    return (possible & (difference(picture, shaded) < _SHADOW_LEVELS)).view(np.uint8)


def find_relit(picture: Image, room: Image) -> Plane:
    """Where `picture` has the texture and the colours of `room` in a light that changes smoothly.

    Unlike shadows that may be any light: a lamp that goes off, the sun. Where the room is plain
    nothing can be said.

    Args:
        picture: uint8 (h, w, 3), BGR.
        room: As it was learnt, of the same size.

    Returns:
        uint8 (h, w), 1 there.
    """
    now, then = (cv2.GaussianBlur(x, (3, 3), 0) for x in (picture, room))
    mean_now, mean_then = (cv2.blur(x, _SMOOTH) for x in (now, then))
    gray_now, gray_then = (
        cv2.cvtColor(x, cv2.COLOR_BGR2GRAY).astype(np.float32) + 1 for x in (mean_now, mean_then)
    )
    light = gray_now / gray_then
    expected = np.asarray(cv2.convertScaleAbs(then * light[..., None]), np.uint8)
    detail = difference(np.asarray(now), np.asarray(mean_now))
    tolerance = cv2.convertScaleAbs(cv2.blur(detail, (5, 5)), alpha=_DETAIL, beta=_NOISE)
    alike = (difference(np.asarray(now), expected) < tolerance).view(np.uint8)
    texture = cv2.blur(difference(np.asarray(then), np.asarray(mean_then)), (5, 5))
    is_textured = texture * np.minimum(light, 1) > _TEXTURE
    mostly = cv2.blur(alike * np.uint8(255), (5, 5)) > _MOSTLY
    return np.asarray((is_textured & mostly).view(np.uint8))
