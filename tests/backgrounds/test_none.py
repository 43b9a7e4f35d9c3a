from __future__ import annotations

import numpy as np

from tests.backgrounds.pictures import blank, nobody
from vcam.backgrounds.none import RoomBackground


def test_it_shows_the_camera_s_picture() -> None:
    room = blank(32, 24, (10, 200, 30))
    assert RoomBackground(32, 24).paint(room, nobody(32, 24), 0.0) is room


def test_its_cover_is_plain_and_shows_nothing_of_the_room() -> None:
    background = RoomBackground(32, 24)
    room = blank(32, 24, (10, 200, 30))
    background.paint(room, nobody(32, 24), 0.0)
    cover = background.cover(0.0)
    assert all(np.ptp(plane) == 0 for plane in cover.planes)
    assert cover.y[0, 0] != room.y[0, 0]


def test_it_is_not_still() -> None:
    assert RoomBackground(8, 8).room_width == 8
