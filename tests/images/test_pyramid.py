from __future__ import annotations

import numpy as np
import pytest

from vcam.images.pyramid import Pyramid
from vcam.images.types import Image

rng = np.random.default_rng(8)
ROOM = rng.integers(40, 200, (36, 64, 3), np.uint8).repeat(10, 0).repeat(10, 1)


def noisy(image: Image, strength: float = 2.0) -> Image:
    return np.asarray(np.clip(image + rng.normal(0, strength, image.shape), 0, 255), np.uint8)


@pytest.mark.parametrize(
    ("size", "factor", "middle"),
    [
        ((1280, 720), 2, (640, 360)),
        ((1920, 1083), 3, (640, 361)),
        ((720, 1280), 2, (360, 640)),
        ((3840, 2160), 6, (640, 360)),
        ((640, 480), 1, (640, 480)),
        ((161, 121), 1, (161, 121)),
    ],
)
def test_one_pixel_stands_for_a_whole_number_of_them(
    size: tuple[int, int], factor: int, middle: tuple[int, int]
) -> None:
    width, height = size
    pyramid = Pyramid(np.zeros((height, width, 3), np.uint8))
    assert pyramid.factor == factor
    assert pyramid.middle.shape[1::-1] == middle
    assert pyramid.small.shape[1::-1] == (middle[0] // 2, middle[1] // 2)


@pytest.mark.parametrize("width", [800, 1024, 1283, 1366, 1600, 2560])
def test_pictures_of_all_widths_have_the_same_number_of_cells(width: int) -> None:
    pyramid = Pyramid(np.zeros((round(width * 9 / 16), width, 3), np.uint8))
    assert pyramid.middle.shape[:2] == (360, 640)
    assert pyramid.small.shape[:2] == (180, 320)
    assert pyramid.factor == pytest.approx(width / 640)


def test_reductions_are_means() -> None:
    image = rng.integers(0, 256, (720, 1280, 3), np.uint8)
    pyramid = Pyramid(image)
    blocks = image.reshape(360, 2, 640, 2, 3).mean(axis=(1, 3))
    assert np.abs(pyramid.middle - blocks).max() <= 1


def test_nothing_moves_in_a_still_noisy_picture_that_gets_brighter() -> None:
    pyramid = Pyramid(noisy(ROOM))
    assert pyramid.motion.max() == 0
    pyramid.load(noisy(ROOM))
    assert pyramid.motion.mean() < 0.01
    pyramid.load(noisy(np.asarray(ROOM + np.uint8(12), np.uint8)))
    assert pyramid.motion.mean() < 0.01


def test_what_moves_is_seen_and_nothing_else() -> None:
    pyramid = Pyramid(noisy(ROOM))
    assert pyramid.gray is not None
    moved = ROOM.copy()
    moved[100:200, 200:300] = np.roll(moved[100:200, 200:300], 30, axis=1)
    pyramid.load(noisy(moved))
    assert pyramid.motion[50:100, 100:150].mean() > 0.6
    pyramid.motion[40:110, 90:160] = 0
    assert pyramid.motion.mean() < 0.01


def test_picture_of_another_size_has_not_moved() -> None:
    pyramid = Pyramid(ROOM)
    assert pyramid.gray is not None
    pyramid.load(np.full((120, 160, 3), 255, np.uint8))
    assert pyramid.motion.shape == (60, 80)
    assert pyramid.motion.max() == 0
    assert pyramid.is_first


def test_motion_is_known_from_the_second_picture_on() -> None:
    pyramid = Pyramid(ROOM)
    assert pyramid.is_first
    assert pyramid.motion.max() == 0
    pyramid.load(ROOM)
    assert not pyramid.is_first


@pytest.mark.parametrize("fps", [15, 30, 60, 120])
def test_what_moves_is_seen_as_well_at_high_rates(fps: int) -> None:
    pyramid = Pyramid(ROOM // 2)
    for number in range(9):
        picture = ROOM // 2
        picture[:120] += np.uint8(240 * number // fps)  # less in a picture than noise at 120
        pyramid.load(picture, number / fps)
        motion = pyramid.motion
    assert motion[20:40].min() > 0.5
    assert motion[80:].max() == 0


def test_drift_sees_another_picture_of_which_most_has_changed_alike() -> None:
    pyramid = Pyramid(np.full((360, 640, 3), 100, np.uint8))
    pyramid.mark()
    other = np.full((360, 640, 3), 100, np.uint8)
    other[:, :220], other[:, 430:] = 60, 140
    pyramid.load(other)
    assert pyramid.drift > 0.5


@pytest.mark.parametrize(("least", "width"), [(1, 320), (320, 320), (321, 640), (641, 1280)])
def test_the_smallest_that_is_wide_enough(least: int, width: int) -> None:
    picture = np.zeros((720, 1280, 3), np.uint8)
    assert Pyramid(picture).at_least(least).shape[1] == width
