from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image as Pillow

from tests.clips import flat
from vcam.backgrounds.fitting import Fitting
from vcam.backgrounds.footage import Footage
from vcam.images.types import I420, Image

SMALL = Fitting(64, 36)


def level(picture: I420) -> int:
    """The grey of a flat picture, to the next ten."""
    return round((float(picture.y.mean()) - 16) * 255 / 219 / 10) * 10


def write_animation(path: Path, levels: Sequence[int], duration: int | Sequence[int]) -> Path:
    """Flat grey pictures; durations in milliseconds."""
    frames = [Pillow.new("RGB", (64, 36), (each,) * 3) for each in levels]
    lasting = duration if isinstance(duration, int) else list(duration)
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=lasting, loop=0, lossless=True
    )
    return path


class FakeFootage:
    """Flat grey pictures at ten a second; None stands for one that cannot be decoded."""

    def __init__(self, levels: Sequence[int | None]) -> None:
        self._levels = list(levels)
        self._at = -1
        self.decoded = 0
        self.closed = False

    @property
    def end(self) -> float:
        return (self._at + 1) / 10

    def advance(self) -> float | None:
        if self._at + 1 >= len(self._levels):
            return None
        self._at += 1
        return self._at / 10

    def image(self) -> Image | None:
        self.decoded += 1
        found = self._levels[self._at]
        return None if found is None else flat(found)

    def close(self) -> None:
        self.closed = True


def rounds(footage: Footage, count: int) -> list[float | None]:
    return [footage.advance() for _ in range(count)]
