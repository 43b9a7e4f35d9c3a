from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from vcam.backgrounds.drawn import ROOMS, draw_room
from vcam.cli.background import ROOMS as NAMES
from vcam.config.schema.background import DrawnRoom


def test_every_room_that_may_be_named_is_drawn() -> None:
    assert set(ROOMS) == set(get_args(DrawnRoom)) == set(NAMES)


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_the_same_at_each_start_and_another_than_the_others(name: str) -> None:
    one, again = (draw_room(name, 320, 180) for _ in range(2))
    assert (one.data == again.data).all()
    for other in set(ROOMS) - {name}:
        apart = np.abs(one.y.astype(float) - draw_room(other, 320, 180).y)
        assert apart.mean() > 8


@pytest.mark.parametrize("size", [(2, 2), (177, 101), (360, 640), (1280, 320)])
def test_a_room_has_the_output_s_size_whatever_that_is(size: tuple[int, int]) -> None:
    for name in ROOMS:
        picture = draw_room(name, *size)
        assert (picture.width, picture.height) == size


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_out_of_focus_and_shows_no_bands(name: str) -> None:
    luma = draw_room(name, 640, 360).y.astype(float)
    steps = np.abs(np.diff(luma, axis=1))
    assert np.percentile(steps, 99.9) < 30
    assert (steps > 0).mean() > 0.3  # its grain
