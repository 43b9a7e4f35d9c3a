"""Benchmark clips: moving pictures as JPEGs, as from a camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from vcam.framing import Framing
from vcam.images.types import Image, Plane
from vcam.sources import jpeg as camera
from vcam.sources.base import Source
from vcam.sources.scene.scene import SceneSource
from vcam.sources.video import VideoSource

LENGTH = 90
"""Pictures in a clip."""

_FPS = 30
_ENTRANCE = 150
"""The scene's first pictures: an empty room, and somebody comes in."""
_WAVING = 285
"""From this picture of the scene on, a hand is waved."""
_QUALITY = 90
_NOISE = 2.0
"""Standard deviation of a webcam's noise, in levels."""


@dataclass(frozen=True)
class Clip:
    """A few pictures of one size, played back and forth, so that there is no jump.

    Attributes:
        name: Their origin.
        width: Pixels, even.
        height: Pixels, even.
        pictures: JPEGs, uint8 (n,) each.
        entrance: JPEGs played before, for segmenters that learn the empty room.
    """

    name: str
    width: int
    height: int
    pictures: Sequence[Plane]
    entrance: Sequence[Plane] = ()

    def at(self, index: int) -> Plane:
        """The JPEG with that number; endless."""
        return self.pictures[to_and_fro(index, len(self.pictures))]


def to_and_fro(index: int, length: int) -> int:
    """0, 1 ... `length` - 1 and back to 0, over and over."""
    return abs((index + length - 1) % max(1, 2 * length - 2) - (length - 1))


def scene_clip(width: int, height: int, with_entrance: bool = False, busy: bool = False) -> Clip:
    """The built-in scene with the figure in it, who talks, nods and gestures as people in calls do.

    Args:
        width: Pixels, even.
        height: Pixels, even.
        with_entrance: Include the entrance, for segmenters that learn the empty room.
        busy: The figure waves a hand all the time.
    """
    scene = SceneSource(width, height, _FPS)
    entrance, jpegs = [], []
    begin = _WAVING if busy else _ENTRANCE
    for index in range(begin + LENGTH):
        image = scene.read()
        assert image is not None  # the scene has no end
        if index >= begin:
            jpegs.append(encode(image))
        elif with_entrance and index < _ENTRANCE:
            entrance.append(encode(image))
    return Clip("scene, busy" if busy else "scene", width, height, jpegs, entrance)


def file_clip(path: Path, width: int, height: int) -> Clip:
    """The first pictures of a video, cropped and resized.

    Raises:
        SourceError: The file cannot be read.
    """
    framing = Framing(width, height)
    video: Source = VideoSource(path, loop=False)
    jpegs: list[Plane] = []
    while len(jpegs) < LENGTH and (image := video.read()) is not None:
        jpegs.append(encode(framing.fit(image)))
    video.close()
    return Clip(path.name, width, height, jpegs, jpegs)


def still_clip(clip: Clip) -> Clip:
    """The first picture of `clip`, repeated with different noise: nothing moves."""
    picture = np.asarray(decode(clip.pictures[0]), np.float32)
    random = np.random.default_rng(1)
    field = random.normal(0, _NOISE, (clip.height + LENGTH, clip.width + LENGTH, 3))
    noise = field.astype(np.float32)
    jpegs = []
    for across, down in zip(*(random.permutation(LENGTH) for _ in range(2)), strict=True):
        noisy = picture + noise[down:, across:][: clip.height, : clip.width]
        jpegs.append(encode(cv2.convertScaleAbs(np.maximum(noisy, 0))))
    return replace(clip, name=f"{clip.name}, still", pictures=jpegs)


def encode(image: Image) -> Plane:
    """A JPEG of `image`, uint8 (n,)."""
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return np.asarray(coded, np.uint8).ravel()


def decode(jpeg: Plane) -> Image:
    """The picture in one of a clip's JPEGs, uint8 (h, w, 3), BGR, decoded as a camera's is."""
    image = camera.decode(jpeg)
    assert image is not None  # a clip's JPEGs are whole
    return image
