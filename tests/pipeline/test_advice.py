from __future__ import annotations

import cv2
import numpy as np
import pytest

from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.pipeline.advice import (
    AGAINST_LIGHT,
    ALIKE,
    COVERED,
    DARK,
    UNSURE,
    UPSIDE_DOWN,
    Adviser,
    judge,
)

WIDTH, HEIGHT = 640, 360


def person() -> Mask:
    mask = np.zeros((HEIGHT // 2, WIDTH // 2), np.float32)
    cv2.ellipse(mask, (160, 70), (28, 36), 0, 0, 360, 1, cv2.FILLED)
    cv2.ellipse(mask, (160, 190), (80, 85), 0, 0, 360, 1, cv2.FILLED)
    return mask


def scene(
    mask: Mask, room: tuple[int, ...] = (170, 180, 190), skin: tuple[int, ...] = (120, 140, 190)
) -> Image:
    """Somebody in one colour with dark clothes before a wall with a shelf."""
    picture = np.full((HEIGHT, WIDTH, 3), room, np.uint8)
    picture[40:120, 40:160] = np.array(room) // 2
    there = cv2.resize(mask, (WIDTH, HEIGHT)) > 0.5
    picture[there] = skin
    below = there.copy()
    below[: HEIGHT * 6 // 10] = False
    picture[below] = np.array(skin) // 3
    return picture


def test_of_a_good_picture_nothing_is_said() -> None:
    assert judge(Pyramid(scene(person())), person()) is None


def test_where_nobody_is_nothing_is_said() -> None:
    empty = np.zeros_like(person())
    assert judge(Pyramid(scene(empty)), empty) is None


def test_a_shut_shutter_is_told_from_a_dark_room() -> None:
    noise = np.random.default_rng(1).normal(0, 2, (HEIGHT, WIDTH, 3))
    assert judge(Pyramid((16 + noise).clip(0, 255).astype(np.uint8)), person()) is COVERED
    dim = (scene(person()) * 0.25).astype(np.uint8)
    assert judge(Pyramid(dim), person()) is DARK


def test_a_camera_that_hangs_upside_down_is_named() -> None:
    mask = np.ascontiguousarray(person()[::-1, ::-1])
    assert judge(Pyramid(scene(mask)), mask) is UPSIDE_DOWN


def test_a_window_behind_is_named_and_a_dark_suit_is_none() -> None:
    against = scene(person(), room=(235, 240, 240), skin=(35, 40, 55))
    assert judge(Pyramid(against), person()) is AGAINST_LIGHT
    suit = scene(person(), room=(235, 240, 240), skin=(120, 140, 190))
    assert judge(Pyramid(suit), person()) is None


def test_clothes_of_the_wall_s_colour_are_named() -> None:
    same = scene(person(), room=(120, 140, 190), skin=(120, 140, 190))
    same[HEIGHT * 6 // 10 :] = (120, 140, 190)
    assert judge(Pyramid(same), person()) is ALIKE


def test_a_mask_that_is_sure_of_little_is_named() -> None:
    wide = cv2.dilate(person(), np.ones((41, 41)))
    doubted = np.where(person() > 0, person(), wide * np.float32(0.4))
    assert judge(Pyramid(scene(person())), doubted) is UNSURE


def test_only_what_lasts_is_said_and_it_goes_when_it_is_mended() -> None:
    adviser, dark = Adviser(), Pyramid((scene(person()) * 0.25).astype(np.uint8))
    said = []
    for number in range(60):
        adviser.look(dark, person(), number / 10)
        said.append(adviser.advice is not None)
    assert said.index(True) == pytest.approx(40, abs=1)
    adviser.look(Pyramid(scene(person())), person(), 7.0)
    assert adviser.advice is None
