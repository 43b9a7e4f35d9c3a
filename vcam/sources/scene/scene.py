"""The built-in scene: somebody in a room, drawn by code, for trying vcam without a camera."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vcam.images.types import Alpha, Image
from vcam.sources.scene.figure import Figure, Pose
from vcam.sources.scene.room import paint_room

EMPTY = 3.0
"""Seconds of empty room at the start of each loop, for segmenters that learn it."""

ROUND = 36.0
"""Seconds until everything repeats."""

_WALK = 1.6  # seconds to come in or to leave
_LEAVES = 30.0
_NOISE = 4  # largest deviation of a pixel, in levels
_SPARE = 64  # the noise pattern is that much larger than the frame, to be shifted about


class SceneSource:
    """A drawn room in which a person comes, talks, waves and goes; implements `Source`.

    The same picture number always gives the same picture.

    Args:
        width: Pixels, 16 or more.
        height: Pixels, 16 or more.
        fps: Pictures per second of the person's time.
        loop: Go on for ever; False ends after one round of `ROUND` seconds.

    Attributes:
        alpha: uint8 (height, width), the true coverage of the person (255) in the picture that
            was read last. A new array each time.
    """

    live = False

    def __init__(
        self, width: int = 1280, height: int = 720, fps: float = 30, loop: bool = True
    ) -> None:
        self.description = f"built-in scene, {width}x{height} at {fps:g} fps"
        self.fps = float(fps)
        self.alpha: Alpha = np.zeros((height, width), np.uint8)
        self._loop = loop
        self._number = 0
        self._figure = Figure(width, height)
        self._reach = 0.5 * width / (min(height, width) / 720) + 320
        # Noise is added, never subtracted: the room is darker by its mean.
        room = paint_room(width, height)
        self._room: Image = np.maximum(room, _NOISE) - np.uint8(_NOISE)
        self._noise = _noise(width + _SPARE, height + _SPARE)

    def read(self) -> Image | None:
        """The next picture, or None at the end of a scene that does not loop."""
        time = self._number / self.fps
        if time >= ROUND and not self._loop:
            return None
        image = self._room.copy()
        self.alpha = np.zeros(image.shape[:2], np.uint8)
        pose = _pose(time % ROUND, self._reach)
        if pose is not None:
            self._figure.draw(image, self.alpha, pose)
        x, y = self._number * 23 % _SPARE, self._number * 41 % _SPARE
        height, width = image.shape[:2]
        cv2.add(image, self._noise[y : y + height, x : x + width], dst=image)
        self._number += 1
        return image

    def close(self) -> None:
        """Nothing to free."""


def _noise(width: int, height: int) -> Image:
    """A small sensor's noise: mostly grey grain, 0 to twice `_NOISE` levels."""
    side = 256
    random = np.random.default_rng(1)
    grain = random.normal(0, 1.1, (side, side, 1)) + random.normal(0, 0.5, (side, side, 3))
    tile = np.clip(np.rint(grain + _NOISE), 0, 2 * _NOISE).astype(np.uint8)
    tiles = np.tile(tile, (-(-height // side), -(-width // side), 1))
    return np.ascontiguousarray(tiles[:height, :width])


def _pose(time: float, reach: float) -> Pose | None:
    """The person `time` seconds into a round; None while nobody is there.

    Args:
        time: 0 up to `ROUND`.
        reach: Units from the frame's middle at which the person is out of sight.
    """
    away = 1 - _rise(time, EMPTY, _WALK) + _rise(time, _LEAVES, _WALK)
    if away >= 1:
        return None
    side = 1 if time < ROUND / 2 else -1
    walk = math.sin(math.pi * away)
    waves = _rise(time, 9, 0.7) - _rise(time, 13, 0.7) + _rise(time, 24, 0.6) - _rise(time, 27, 0.6)
    talk = 0.5 + 0.5 * math.sin(time * 1.1 + 0.6)  # now and then the person only listens
    gesture = talk * (0.26 + 0.12 * math.sin(time * 3.3))
    nearer = _rise(time, 16, 1.2) - _rise(time, 20, 1.2)
    return Pose(
        x=side * reach * away + 14 * math.sin(time * 0.7) + 5 * talk * math.sin(time * 3.1),
        y=10 * walk * math.sin(time * 9) ** 2 + 4 * math.sin(time * 0.9) + 6,
        size=1 + 0.1 * nearer + 0.012 * math.sin(time * 0.8),
        lean=1.8 * math.sin(time * 0.9)
        + 0.8 * talk * math.sin(time * 2.6)
        + 3 * side * walk
        - 3 * nearer,
        tilt=3.5 * math.sin(time * 1.1) + 2.5 * talk * math.sin(time * 4.1),
        turn=0.5 * math.sin(time * 0.8) + 0.3 * talk * math.sin(time * 3.7) + 0.6 * side * walk,
        nod=0.4 * math.sin(time * 1.9) + 0.5 * talk * math.sin(time * 5.3) + 0.5 * nearer,
        breath=0.5 - 0.5 * math.cos(time * 1.5),
        hand=max(waves, gesture * (1 - walk)),
        wave=14 * math.sin(time * 7.5) * waves + 9 * talk * math.sin(time * 4.7) - 4,
        mouth=talk * math.sin(time * 11) ** 2,
        blink=time % 3.7 < 0.13,
    )


def _rise(time: float, start: float, seconds: float) -> float:
    """0 before `start`, 1 after so many seconds, smooth between."""
    part = min(max((time - start) / seconds, 0), 1)
    return part * part * (3 - 2 * part)
