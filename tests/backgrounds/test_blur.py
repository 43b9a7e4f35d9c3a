from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from tests.backgrounds.pictures import blank, nobody
from vcam.backgrounds.blur import BlurBackground, BlurStyle
from vcam.images.pyramid import Pyramid
from vcam.images.types import I420, Alpha, Image

SIZE = (640, 360)
STRENGTHS = [0.0, 0.2, 0.5, 1.0]
STYLES: list[BlurStyle] = ["smooth", "bokeh"]


def _person(softness: float = 2) -> Alpha:
    alpha = nobody(*SIZE)
    cv2.circle(alpha, (320, 130), 60, 255, -1)
    cv2.ellipse(alpha, (320, 360), (140, 170), 0, 0, 360, 255, -1)
    return np.asarray(cv2.GaussianBlur(alpha, (0, 0), softness), np.uint8)


def _before(room: Image, rgb: tuple[int, int, int], alpha: Alpha) -> I420:
    """Somebody of one colour in `room`."""
    part = alpha[..., None] / 255
    mixed = room * (1 - part) + np.array(rgb[::-1]) * part
    return I420.from_bgr(np.rint(mixed).astype(np.uint8))


def _grey(level: int = 128) -> Image:
    return np.full((SIZE[1], SIZE[0], 3), level, np.uint8)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_person_s_colour_does_not_glow_round_the_person(
    strength: float, style: BlurStyle
) -> None:
    alpha = _person()
    picture = _before(_grey(), (255, 0, 255), alpha)
    plain = I420.from_bgr(_grey())
    blurred = BlurBackground(*SIZE, strength, style).paint(picture, alpha, 0.0)
    for found, wanted in zip(blurred.planes, plain.planes, strict=True):
        np.testing.assert_allclose(found, wanted.astype(float), atol=2)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_matte_that_is_a_little_too_small_leaves_no_glow(strength: float) -> None:
    picture = _before(_grey(), (255, 0, 255), _person())
    alpha = np.asarray(cv2.erode(_person(), np.ones((3, 3), np.uint8)), np.uint8)
    blurred = BlurBackground(*SIZE, strength).paint(picture, alpha, 0.0)
    outside = cv2.resize(alpha, (SIZE[0] // 2, SIZE[1] // 2)) < 128
    assert np.abs(blurred.u[outside].astype(int) - 128).max() <= 6


def test_without_a_person_it_is_a_plain_blur() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    room = I420.from_bgr(np.asarray(cv2.GaussianBlur(noise, (0, 0), 20), np.uint8))
    blurred = BlurBackground(*SIZE, 0.5).paint(room, nobody(*SIZE), 0.0)
    sigma = SIZE[1] * 0.033
    wanted = cv2.GaussianBlur(room.y, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    np.testing.assert_allclose(blurred.y, wanted.astype(float), atol=2)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_bright_and_dark_sides_stay_where_they_are(strength: float) -> None:
    room = _grey(40)
    room[:, 320:] = 200
    blurred = BlurBackground(*SIZE, strength).paint(I420.from_bgr(room), nobody(*SIZE), 0.0)
    assert int(blurred.y[180, 20]) == pytest.approx(50, abs=2)
    assert int(blurred.y[180, 620]) == pytest.approx(188, abs=2)
    assert float(blurred.y[180, 319:321].mean()) == pytest.approx(119, abs=5)


def test_more_strength_leaves_less_detail() -> None:
    stripes = _grey(40)
    stripes[:, np.arange(SIZE[0]) // 20 % 2 == 0] = 200
    room = I420.from_bgr(stripes)
    left = [
        float(BlurBackground(*SIZE, strength).paint(room, nobody(*SIZE), 0.0).y.std())
        for strength in STRENGTHS
    ]
    assert left == sorted(left, reverse=True)
    assert left[0] > 30 > 5 > left[-1]


@pytest.mark.parametrize("style", STYLES)
def test_a_hole_is_filled_with_what_is_round_it(style: BlurStyle) -> None:
    alpha = np.full(SIZE[::-1], 255, np.uint8)
    alpha[:, :40] = 0
    room = np.full_like(_grey(), (0, 120, 0))
    blurred = BlurBackground(*SIZE, 0.2, style).paint(
        _before(room, (255, 0, 255), alpha), alpha, 0.0
    )
    wanted = I420.from_bgr(room)
    assert int(blurred.v[90, 300]) == pytest.approx(int(wanted.v[90, 300]), abs=3)


@pytest.mark.parametrize("style", STYLES)
def test_a_person_who_fills_the_frame_gives_neutral_grey(style: BlurStyle) -> None:
    alpha = np.full(SIZE[::-1], 255, np.uint8)
    magenta = blank(*SIZE, (255, 0, 255))
    blurred = BlurBackground(*SIZE, 0.5, style).paint(magenta, alpha, 0.0)
    assert all((plane == 128).all() for plane in blurred.planes)


def test_the_same_frame_gives_the_same_blur() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    picture, alpha = I420.from_bgr(noise), _person()
    background = BlurBackground(*SIZE, 0.4)
    first = background.paint(picture, alpha, 0.0).data.copy()
    background.paint(blank(*SIZE), alpha, 1.0)
    np.testing.assert_array_equal(background.paint(picture, alpha, 2.0).data, first)


def test_the_picture_is_left_as_it_is() -> None:
    picture, alpha = blank(*SIZE, (9, 99, 199)), _person()
    before, matte = picture.data.copy(), alpha.copy()
    BlurBackground(*SIZE, 0.4).paint(picture, alpha, 0.0)
    np.testing.assert_array_equal(picture.data, before)
    np.testing.assert_array_equal(alpha, matte)


@pytest.mark.parametrize("size", [(160, 120), (161, 121), (1920, 1080), (90, 160), (2, 2), (1, 1)])
@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("style", STYLES)
def test_any_size_works(size: tuple[int, int], strength: float, style: BlurStyle) -> None:
    background = BlurBackground(*size, strength, style)
    blurred = background.paint(blank(*size, (80, 90, 100)), nobody(*size), 0.0)
    assert (blurred.width, blurred.height) == size
    wanted = blank(*size, (80, 90, 100))
    np.testing.assert_allclose(blurred.data, wanted.data.astype(float), atol=1)


def test_its_cover_shows_nothing_of_the_room() -> None:
    background = BlurBackground(*SIZE, 0.5)
    background.paint(blank(*SIZE, (255, 255, 0)), nobody(*SIZE), 0.0)
    assert background.room_width > 0
    assert all(np.ptp(plane) == 0 for plane in background.cover(0.0).planes)
    assert background.cover(0.0).y[0, 0] < 100


def _lamp() -> I420:
    """A small bright spot in a dim room."""
    room = _grey(60)
    cv2.circle(room, (320, 180), 6, (255, 255, 255), -1)
    return I420.from_bgr(room)


def test_bokeh_makes_an_even_disc_of_a_lamp() -> None:
    blurred = BlurBackground(*SIZE, 0.5, "bokeh").paint(_lamp(), nobody(*SIZE), 0.0)
    row = blurred.y[180].astype(int)
    dim, bright = int(row[0]), int(row[320])
    assert bright > dim + 40
    radius = 2 * SIZE[1] * 0.033
    lit = np.count_nonzero(row > (dim + bright) / 2)
    assert lit == pytest.approx(2 * radius, rel=0.25)
    inside = row[320 - round(radius / 2) : 320 + round(radius / 2)]
    assert int(np.ptp(inside)) < (bright - dim) / 5


def test_lamps_stay_brighter_in_bokeh_than_in_a_smooth_blur() -> None:
    most = {
        style: int(BlurBackground(*SIZE, 0.5, style).paint(_lamp(), nobody(*SIZE), 0.0).y.max())
        for style in STYLES
    }
    assert most["bokeh"] > most["smooth"] + 30


@pytest.mark.parametrize("style", STYLES)
def test_an_even_wall_keeps_its_colour(style: BlurStyle) -> None:
    wall = blank(*SIZE, (230, 220, 140))
    blurred = BlurBackground(*SIZE, 0.5, style).paint(wall, nobody(*SIZE), 0.0)
    np.testing.assert_allclose(blurred.data, wall.data.astype(float), atol=1)


@pytest.mark.parametrize("style", STYLES)
def test_an_edge_that_flickers_does_not_make_it_shimmer(style: BlurStyle) -> None:
    """In every other frame the matte is two pixels wider, before a busy room."""
    tight = _person()
    wide = np.asarray(cv2.dilate(tight, np.ones((5, 5), np.uint8)), np.uint8)
    noise = np.random.default_rng(7).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 8), np.float64)
    room = (soft - soft.min()) / np.ptp(soft) * 255
    picture = _before(np.asarray(room, np.uint8), (255, 0, 255), wide)
    background = BlurBackground(*SIZE, 0.3, style)
    shown = [
        background.paint(picture, alpha, index / 30).y.astype(int)
        for index, alpha in enumerate([tight, wide] * 6)
    ]
    visible = wide < 128
    assert max(int(np.abs(a - b)[visible].max()) for a, b in pairwise(shown[4:])) <= 3


def test_the_room_returns_soon_where_the_person_was() -> None:
    background = BlurBackground(*SIZE, 0.3)
    room = I420.from_bgr(np.random.default_rng(2).integers(0, 256, _grey().shape, np.uint8))
    for index in range(3):
        background.paint(room, _person(), index / 30)
    for index in range(3, 60):
        after = background.paint(room, nobody(*SIZE), index / 30)
    never = BlurBackground(*SIZE, 0.3).paint(room, nobody(*SIZE), 0.0)
    np.testing.assert_allclose(after.data, never.data.astype(float), atol=1)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (854, 480), (641, 361)])
@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_reduced_picture_is_all_it_needs(size: tuple[int, int], strength: float) -> None:
    room = np.full((size[1], size[0], 3), (60, 90, 120), np.uint8)
    cv2.circle(room, (size[0] // 3, size[1] // 2), size[1] // 4, (200, 180, 40), -1)
    whole, reduced = (BlurBackground(*size, strength) for _ in range(2))
    pyramid = Pyramid(room)
    small = I420.from_bgr(pyramid.at_least(reduced.room_width))
    expected = whole.paint(I420.from_bgr(room), nobody(*size), 0.0)
    found = reduced.paint(small, nobody(*size), 0.0)
    for plane, other in zip(found.planes, expected.planes, strict=True):
        assert np.abs(plane.astype(int) - other).mean() < 1.5
