"""Sequences whose true alpha is known, because they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

from vcam.images.types import Alpha, Image
from vcam.sources.scene.figure import Figure, Pose
from vcam.sources.scene.scene import SceneSource

Moment: TypeAlias = tuple[Image, Alpha]
"""A picture, uint8 (h, w, 3), BGR, and its true alpha, uint8 (h, w)."""


@dataclass(frozen=True)
class Sequence:
    """Pictures in their order.

    Attributes:
        name: For people.
        fps: Of the pictures.
        moments: Begins anew at each call.
    """

    name: str
    fps: float
    moments: Callable[[], Iterator[Moment]]


def drawn_sequences(width: int, height: int, fps: float) -> list[Sequence]:
    """The built-in scene in the situations of a call.

    Args:
        width: Pixels.
        height: Pixels.
        fps: Pictures a second of the same movements.
    """

    def scene(begin: float, end: float) -> Iterator[Moment]:
        source = SceneSource(width, height, fps)
        for number in range(round(end * fps)):
            image = source.read()
            assert image is not None  # the scene has no end
            if number >= round(begin * fps):
                yield image, source.alpha

    def dim() -> Iterator[Moment]:
        noise = np.random.default_rng(1)
        for image, alpha in scene(5, 8):
            grain = noise.normal(0, 2.5, image.shape)
            yield np.clip(image * 0.22 + grain, 0, 255).astype(np.uint8), alpha

    def lamp() -> Iterator[Moment]:
        for number, (image, alpha) in enumerate(scene(5, 8)):
            light = 0.6 if number < 1.5 * fps else 1.0
            yield np.asarray(cv2.convertScaleAbs(image, alpha=light), np.uint8), alpha

    return [
        Sequence("enter", fps, lambda: scene(2, 5)),
        Sequence("talk", fps, lambda: scene(5, 8)),
        Sequence("wave", fps, lambda: scene(9, 12)),
        Sequence("leave", fps, lambda: scene(29, 32.5)),
        Sequence("dim", fps, dim),
        Sequence("lamp", fps, lamp),
        Sequence("two", fps, lambda: _two(width, height, fps)),
    ]


def _two(width: int, height: int, fps: float) -> Iterator[Moment]:
    """Two people side by side who both talk."""
    empty = SceneSource(width, height, fps).read()
    assert empty is not None
    figure = Figure(width, height)
    for number in range(round(3 * fps)):
        image, alpha = empty.copy(), np.zeros((height, width), np.uint8)
        time = number / fps
        for x, late in ((-270, 0.0), (250, 1.7)):
            sway = np.sin((time + late) * 2.1)
            pose = Pose(x + 8 * sway, size=0.8, tilt=4 * sway, turn=0.5 * sway, mouth=abs(sway))
            figure.draw(image, alpha, pose)
        yield image, alpha


def stored_sequences(folder: Path, fps: float = 30, every: int = 1) -> list[Sequence]:
    """Those that lie in a folder, as NumPy files.

    Args:
        folder: Holds `NAME.frame.npy`, uint8 (n, h, w, 3), BGR, and `NAME.alpha.npy`, uint8
            (n, h, w), the true alpha of each.
        fps: Of the pictures.
        every: The nth picture only, which makes them so many times fewer a second.
    """
    names = sorted(path.name.removesuffix(".frame.npy") for path in folder.glob("*.frame.npy"))
    return [Sequence(name, fps / every, _stored(folder, name, every)) for name in names]


def _stored(folder: Path, name: str, every: int) -> Callable[[], Iterator[Moment]]:
    def moments() -> Iterator[Moment]:
        files = (
            np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for part in ("frame", "alpha")
        )
        for image, alpha in zip(*(file[::every] for file in files), strict=True):
            yield np.ascontiguousarray(image), np.ascontiguousarray(alpha)

    return moments
