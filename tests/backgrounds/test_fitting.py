from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from tests.backgrounds.pictures import Rgb, assert_color
from vcam.backgrounds.fitting import Fit, Fitting
from vcam.images.types import I420, Image

RED, GREEN, BLUE = (220, 30, 20), (20, 180, 40), (20, 50, 210)
SIZE = (160, 90)


def _thirds(width: int, height: int) -> Pillow.Image:
    """Red, green and blue from left to right."""
    image = Pillow.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 3, 0, width, height))
    image.paste(BLUE, (2 * width // 3, 0, width, height))
    return image


def _bgr(image: Pillow.Image) -> Image:
    return np.ascontiguousarray(np.asarray(image)[..., ::-1])


def _both(fitting: Fitting, picture: Pillow.Image) -> list[I420]:
    """As a still picture and as a frame of a video."""
    frame = I420(fitting.width, fitting.height)
    fitting.frame(_bgr(picture), frame)
    return [fitting.still(picture), frame]


@pytest.mark.parametrize(("x", "color"), [(0.0, RED), (0.5, GREEN), (1.0, BLUE)])
def test_the_focus_stays_visible_when_cropped(x: float, color: Rgb) -> None:
    for picture in _both(Fitting(*SIZE, focus=(x, 0.5)), _thirds(480, 90)):
        for place in (2, 80, 157):
            assert_color(picture, place, 45, color, within=3)


def test_the_focus_is_in_the_middle_where_the_picture_reaches_far_enough() -> None:
    """What is a third down a tall picture is put at half the frame's height."""
    tall = Pillow.new("RGB", (160, 900), RED)
    tall.paste(BLUE, (0, 300, 160, 900))
    for picture in _both(Fitting(*SIZE, focus=(0.5, 1 / 3)), tall):
        assert_color(picture, 80, 40, RED, within=4)
        assert_color(picture, 80, 50, BLUE, within=4)


def test_tiles_repeat_from_the_upper_left_corner_at_their_own_size() -> None:
    for picture in _both(Fitting(*SIZE, fit="tile"), _thirds(48, 20)):
        for left in (0, 48, 96):
            for y in (2, 22, 85):
                assert_color(picture, left + 6, y, RED, within=3)
                assert_color(picture, left + 24, y, GREEN, within=3)


def test_a_tile_larger_than_the_frame_is_cropped() -> None:
    for picture in _both(Fitting(*SIZE, fit="tile"), _thirds(1200, 400)):
        assert_color(picture, 155, 85, RED)


@pytest.mark.parametrize(("brightness", "wanted"), [(0.5, 50), (1.0, 100), (2.0, 200)])
def test_brightness_multiplies_colours(brightness: float, wanted: int) -> None:
    grey = Pillow.new("RGB", SIZE, (100, 100, 100))
    for picture in _both(Fitting(*SIZE, brightness=brightness), grey):
        assert_color(picture, 80, 45, (wanted, wanted, wanted), within=1)


def test_too_bright_is_white_and_not_black() -> None:
    grey = Pillow.new("RGB", SIZE, (200, 200, 200))
    for picture in _both(Fitting(*SIZE, brightness=2.0), grey):
        assert_color(picture, 80, 45, (255, 255, 255), within=1)


def test_more_blur_leaves_less_detail_and_the_same_mean() -> None:
    stripes = Pillow.fromarray(
        np.where(np.arange(320) // 10 % 2, 200, 40)[None, :].repeat(180, 0).astype(np.uint8)
    ).convert("RGB")
    left = []
    for blur in (0.0, 0.1, 0.4, 1.0):
        still, frame = _both(Fitting(320, 180, blur=blur), stripes)
        left.append(float(still.y[:, 60:-60].std()))
        assert float(still.y.mean()) == pytest.approx(119, abs=2)
        assert float(np.abs(still.y.astype(int) - frame.y).mean()) < 2
    assert left == sorted(left, reverse=True)
    assert left[-1] < 5 < 40 < left[0]


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch", "tile"])
@pytest.mark.parametrize("size", [(1, 1), (1920, 1080), (333, 77), (3, 700), (701, 3)])
@pytest.mark.parametrize("frame", [SIZE, (161, 91), (2, 2)])
def test_any_picture_fits_any_frame(
    fit: Fit, size: tuple[int, int], frame: tuple[int, int]
) -> None:
    fitting = Fitting(*frame, fit=fit, color=GREEN, focus=(0.9, 0.1), blur=0.5)
    for picture in _both(fitting, Pillow.new("RGB", size, GREEN)):
        assert (picture.width, picture.height) == frame
        assert_color(picture, frame[0] - 1, frame[1] - 1, GREEN)


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch"])
def test_videos_are_fitted_like_stills(fit: Fit) -> None:
    smooth = cv2.GaussianBlur(
        np.random.default_rng(1).integers(0, 256, (300, 500, 3), np.uint8), (0, 0), 15
    )
    picture = Pillow.fromarray(np.asarray(smooth, np.uint8))
    still, frame = _both(Fitting(*SIZE, fit=fit), picture)
    np.testing.assert_allclose(still.y, frame.y.astype(float), atol=6)
