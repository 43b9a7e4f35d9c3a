from __future__ import annotations

import numpy as np
import pytest

from tests.segmenters.rooms import HEIGHT, ROOM, WIDTH, outline, seen, with_person
from vcam.images.types import Image, Mask
from vcam.segmenters import coarse
from vcam.segmenters.plate import CleanPlate

NOTHING = np.zeros(coarse.SHAPE, np.uint8)
NOBODY = np.zeros((HEIGHT, WIDTH), np.float32)
SOMEBODY = (outline() / 255).astype(np.float32)


class Room:
    """A clean plate and the camera, of `fps` pictures a second, that it learns from."""

    def __init__(self, fps: int = 30) -> None:
        self.fps = fps
        self.plate = CleanPlate(WIDTH, HEIGHT)
        self.frames = 0

    def look(self, image: Image, person: Mask, frames: int, light: float = 1.0) -> CleanPlate:
        for _ in range(frames):
            picture = seen(image, light)
            self.plate.adjust(coarse.shrunk(picture), person, self.frames / self.fps)
            if self.plate.is_due(self.frames / self.fps):
                self.plate.learn(picture, NOTHING, self.frames / self.fps)
            self.frames += 1
        return self.plate


def test_an_empty_room_is_learnt_within_two_seconds() -> None:
    plate = Room().look(ROOM, NOBODY, 60)
    assert plate.trusted.mean() > 0.97
    assert np.abs(plate.room.astype(int) - ROOM).mean() < 2


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_room_is_learnt_as_soon_at_every_rate(fps: int) -> None:
    room = Room(fps)
    assert room.look(ROOM, NOBODY, fps * 4 // 10).trusted.max() == 0
    assert room.look(ROOM, NOBODY, fps * 4 // 10).trusted.mean() > 0.97


def test_nothing_is_learnt_where_somebody_is() -> None:
    plate = Room().look(with_person(ROOM), SOMEBODY, 90)
    assert plate.trusted[outline() > 0].max() == 0
    assert plate.trusted[:, :50].mean() > 0.95


def test_what_was_learnt_is_kept_behind_somebody_however_long() -> None:
    room = Room()
    room.look(ROOM, NOBODY, 60)
    plate = room.look(with_person(ROOM), SOMEBODY, 300)
    assert plate.trusted[outline() > 0].mean() > 0.95
    assert np.abs(plate.room.astype(int) - ROOM)[outline() > 0].mean() < 3


def test_it_follows_the_light() -> None:
    room = Room()
    room.look(ROOM, NOBODY, 60)
    plate = room.look(with_person(ROOM), SOMEBODY, 1, light=0.7)
    assert plate.trusted.mean() > 0.95
    assert np.abs(plate.room.astype(int) - ROOM * 0.7).mean() < 3


def test_a_thing_that_was_moved_is_no_longer_trusted_and_then_learnt() -> None:
    room = Room()
    room.look(ROOM, NOBODY, 60)
    moved = ROOM.copy()
    moved[20:60, 20:60] = (20, 200, 20)
    assert room.look(moved, NOBODY, 22).trusted[25:55, 25:55].max() == 0
    assert room.look(moved, NOBODY, 60).trusted[25:55, 25:55].min() == 1


@pytest.mark.parametrize("shift", [8, 30])
def test_a_camera_that_was_moved_makes_it_forget_at_once(shift: int) -> None:
    room = Room()
    room.look(ROOM, NOBODY, 60)
    assert room.look(np.roll(ROOM, shift, 1), NOBODY, 1).trusted.max() == 0


def test_a_pause_makes_it_forget() -> None:
    room = Room()
    room.look(ROOM, NOBODY, 60)
    room.frames += 90
    assert room.look(ROOM, NOBODY, 1).trusted.max() == 0
