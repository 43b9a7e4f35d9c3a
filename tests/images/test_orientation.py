from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from vcam.images.picture_files import read_picture
from vcam.images.types import Image

_NAMES = {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}
_UPRIGHT = {
    1: "red green blue white",
    2: "green red white blue",
    3: "white blue green red",
    4: "blue white red green",
    5: "red blue green white",
    6: "blue red white green",
    7: "white green blue red",
    8: "green white red blue",
}
_ORIENTATION = 0x0112


def _quarters() -> Image:
    image = np.zeros((120, 200, 3), np.uint8)
    image[:60, :100], image[:60, 100:] = (250, 10, 10), (10, 250, 10)
    image[60:, :100], image[60:, 100:] = (10, 10, 250), (240, 240, 240)
    return image


def _corners(image: Image) -> list[str]:
    h, w = image.shape[:2]
    spots = [image[y, x, ::-1] > 127 for y in (15, h - 15) for x in (15, w - 15)]
    return [_NAMES[bool(red), bool(green), bool(blue)] for red, green, blue in spots]


@pytest.mark.parametrize("suffix", ["jpg", "tiff", "png", "webp", "avif"])
@pytest.mark.parametrize("turn", _UPRIGHT)
def test_an_orientation_tag_turns_a_picture_once(tmp_path: Path, suffix: str, turn: int) -> None:
    Pillow.init()
    if suffix == "avif" and "AVIF" not in Pillow.SAVE:
        pytest.skip("this Pillow writes no AVIF")
    exif = Pillow.Exif()
    exif[_ORIENTATION] = turn
    path = tmp_path / f"a.{suffix}"
    Pillow.fromarray(_quarters()).save(path, exif=exif, quality=95)
    picture = read_picture(path)
    assert picture.shape[:2] == ((200, 120) if turn >= 5 else (120, 200))
    assert _corners(picture) == _UPRIGHT[turn].split()
