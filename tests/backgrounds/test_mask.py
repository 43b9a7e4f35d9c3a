from __future__ import annotations

import numpy as np
import pytest

from tests.backgrounds.pictures import assert_color, blank, nobody
from vcam.backgrounds.mask import MaskBackground


@pytest.mark.parametrize("size", [(64, 36), (63, 35), (1, 1)])
def test_the_matte_is_white_on_black_and_grey_between(size: tuple[int, int]) -> None:
    background = MaskBackground(*size)
    for level in (0, 128, 255):
        alpha = np.full(size[::-1], level, np.uint8)
        picture = background.paint(blank(*size, (255, 0, 0)), alpha, 0.0)
        assert_color(picture, size[0] - 1, size[1] - 1, (level, level, level), within=1)


def test_nothing_of_the_camera_s_picture_is_in_it() -> None:
    background = MaskBackground(64, 36)
    assert background.replaces_person
    assert background.room_width == 0
    red = background.paint(blank(64, 36, (255, 0, 0)), nobody(64, 36), 0.0).data.copy()
    np.testing.assert_array_equal(
        background.paint(blank(64, 36, (0, 0, 255)), nobody(64, 36), 0.0).data, red
    )


def test_its_cover_is_black_and_stays_so() -> None:
    background = MaskBackground(64, 36)
    cover = background.cover(0.0)
    background.paint(blank(64, 36), np.full((36, 64), 255, np.uint8), 0.0)
    assert_color(cover, 10, 10, (0, 0, 0))
