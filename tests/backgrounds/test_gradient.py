from __future__ import annotations

import numpy as np
import pytest

from tests.backgrounds.pictures import assert_color, bt601
from vcam.backgrounds.gradient import draw_gradient
from vcam.errors import BackgroundError
from vcam.images.types import I420

BLACK, WHITE, RED, BLUE = (0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 0, 255)
SIZE = (320, 180)


def _gradient(angle: float, *colors: tuple[int, int, int]) -> I420:
    stops = [(i / (len(colors) - 1), color) for i, color in enumerate(colors)]
    return draw_gradient(*SIZE, stops, angle)


@pytest.mark.parametrize(
    ("angle", "start", "end"),
    [
        (0, (160, 179), (160, 0)),
        (90, (0, 90), (319, 90)),
        (180, (160, 0), (160, 179)),
        (270, (319, 90), (0, 90)),
        (-90, (319, 90), (0, 90)),
        (135, (0, 0), (319, 179)),
        (45, (0, 179), (319, 0)),
        (20, (0, 179), (319, 0)),
    ],
)
def test_it_runs_from_edge_to_edge_at_its_angle(
    angle: float, start: tuple[int, int], end: tuple[int, int]
) -> None:
    picture = _gradient(angle, BLACK, WHITE)
    assert_color(picture, *start, BLACK, within=3)
    assert_color(picture, *end, WHITE, within=3)
    assert int(picture.y[90, 160]) == pytest.approx(126, abs=3)


def test_lines_of_one_colour_are_square_to_the_angle() -> None:
    picture = _gradient(45, BLACK, WHITE)
    # 30 pixels right and 30 down is along such a line.
    assert int(picture.y[60, 100]) == pytest.approx(int(picture.y[90, 130]), abs=1)


def test_all_stops_are_met() -> None:
    picture = _gradient(90, RED, WHITE, BLUE)
    assert_color(picture, 0, 90, RED, within=4)
    assert_color(picture, 160, 90, WHITE, within=4)
    assert_color(picture, 319, 90, BLUE, within=4)


def test_before_the_first_and_after_the_last_stop_the_colour_is_plain() -> None:
    stops = [(0.25, RED), (0.75, BLUE)]
    picture = draw_gradient(*SIZE, stops, 90)
    assert_color(picture, 40, 90, RED, within=1)
    assert_color(picture, 280, 90, BLUE, within=1)


def test_two_stops_at_one_place_make_an_edge() -> None:
    stops = [(0.0, RED), (0.5, RED), (0.5, BLUE), (1.0, BLUE)]
    picture = draw_gradient(*SIZE, stops, 90)
    assert_color(picture, 157, 90, RED, within=1)
    assert_color(picture, 162, 90, BLUE, within=1)


def test_faint_gradients_have_no_bands() -> None:
    """Between two levels the mean over a column follows the gradient, not its steps."""
    picture = _gradient(90, (100, 100, 100), (104, 104, 104))
    means = picture.y.mean(axis=0).reshape(-1, 8).mean(axis=1)
    wanted = np.linspace(bt601((100, 100, 100))[0], bt601((104, 104, 104))[0], len(means))
    np.testing.assert_allclose(means, wanted, atol=0.2)


def test_it_is_the_same_every_time() -> None:
    np.testing.assert_array_equal(_gradient(33, RED, BLUE).data, _gradient(33, RED, BLUE).data)


def test_odd_sizes_work() -> None:
    assert_color(draw_gradient(33, 17, [(0, RED), (1, BLUE)], 90), 32, 16, BLUE, within=6)


def test_one_colour_is_refused() -> None:
    with pytest.raises(BackgroundError, match=r"background\.stops"):
        draw_gradient(32, 16, [(0, RED)], 90)
