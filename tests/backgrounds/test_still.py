from __future__ import annotations

import pytest

from tests.backgrounds.pictures import Rgb, assert_color, painted
from vcam.backgrounds.still import Still


@pytest.mark.parametrize(
    "rgb", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 177, 64), (12, 34, 56)]
)
def test_it_is_that_colour_everywhere(rgb: Rgb) -> None:
    picture = painted(Still.plain(64, 36, rgb), 64, 36)
    for x, y in ((0, 0), (63, 0), (0, 35), (63, 35), (31, 17)):
        assert_color(picture, x, y, rgb)


@pytest.mark.parametrize(("width", "height"), [(64, 36), (63, 35), (1, 1)])
def test_it_has_the_output_s_size(width: int, height: int) -> None:
    picture = painted(Still.plain(width, height, (1, 2, 3)), width, height)
    assert (picture.width, picture.height) == (width, height)


def test_it_covers_the_room_with_the_same_colour() -> None:
    background = Still.plain(16, 16, (200, 10, 10))
    assert background.room_width == 0
    assert_color(background.cover(0.0), 8, 8, (200, 10, 10))
