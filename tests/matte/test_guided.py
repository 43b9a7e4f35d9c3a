from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from vcam.images.types import Alpha, Image, Mask
from vcam.matte.guided import RADIUS, GuidedFilter

pytestmark = pytest.mark.usefixtures("both_halves")

HEIGHT, WIDTH = 90, 160
EDGE = 83


def picture() -> Image:
    """Two colours of the same brightness, so that a grey guide would see no edge."""
    image = np.zeros((2 * HEIGHT, 2 * WIDTH, 3), np.uint8)
    image[:, : 2 * EDGE] = (200, 90, 60)
    image[:, 2 * EDGE :] = (60, 60, 170)
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    assert abs(int(gray[0, 0]) - int(gray[0, -1])) < 40
    noise = np.random.default_rng(2).normal(0, 3, image.shape)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def small(image: Image) -> Image:
    return np.asarray(cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def soft_edge(at: float) -> Mask:
    x = np.arange(WIDTH, dtype=np.float32)
    return np.tile(np.clip((at - x) / 6 + 0.5, 0, 1), (HEIGHT, 1)).astype(np.float32)


def crossing(alpha: Alpha) -> float:
    return float(np.median((alpha > 127.5).sum(axis=1)))


def test_edge_moves_to_where_the_colours_change() -> None:
    image = picture()
    for off in (-2, 2):
        result = GuidedFilter(passes=2).apply(soft_edge(EDGE + off), small(image), image)
        assert result.shape == (2 * HEIGHT, 2 * WIDTH)
        assert abs(crossing(result) - 2 * EDGE) <= 2


def test_certain_parts_stay_as_they_are_far_from_the_edge() -> None:
    image = picture()
    result = GuidedFilter().apply(soft_edge(EDGE), small(image), image)
    reach = 2 * (2 * RADIUS + 4)
    assert result[:, : 2 * EDGE - reach].min() > 0.97 * 255
    assert result[:, 2 * EDGE + reach :].max() < 0.03 * 255


def test_picture_without_colours_leaves_the_mask_smooth() -> None:
    flat = np.full((2 * HEIGHT, 2 * WIDTH, 3), 128, np.uint8)
    result = GuidedFilter().apply(soft_edge(EDGE), small(flat), flat)
    assert abs(crossing(result) - 2 * EDGE) <= 2
    assert np.abs(np.diff(result.astype(int), axis=1)).max() < 0.1 * 255


def test_solves_the_windows_equations() -> None:
    """Against the definition, by NumPy's own solver in all windows that cover one pixel."""
    image = np.random.default_rng(4).integers(0, 256, (40, 50, 3), np.uint8)
    mask = np.random.default_rng(5).random((40, 50), np.float32)
    y, x = 18, 25
    values = []
    for row, column in itertools.product(range(-RADIUS, RADIUS + 1), repeat=2):
        top, left = y + row - RADIUS, x + column - RADIUS
        window = (slice(top, top + 2 * RADIUS + 1), slice(left, left + 2 * RADIUS + 1))
        colors = image[window].reshape(-1, 3).astype(np.float64)
        levels = np.rint(mask[window].reshape(-1).astype(np.float64) * 255)
        centred = colors - colors.mean(0)
        matrix = centred.T @ centred / len(levels) + 1e-4 * 255**2 * np.eye(3)
        slopes = np.linalg.solve(matrix, centred.T @ (levels - levels.mean()) / len(levels))
        values.append(levels.mean() + slopes @ (image[y, x] - colors.mean(0)))
    found = GuidedFilter().apply(mask, image, image)[y, x]
    assert abs(found - np.mean(values)) <= 1


def test_a_second_pass_follows_an_edge_that_is_too_far_for_one() -> None:
    image = picture()
    mask = soft_edge(EDGE + 3)
    once, twice = (GuidedFilter(passes=n).apply(mask, small(image), image) for n in (1, 2))
    assert abs(crossing(twice) - 2 * EDGE) < abs(crossing(once) - 2 * EDGE)


def test_pictures_of_changing_size_do_not_disturb_each_other() -> None:
    guided = GuidedFilter()
    image = picture()
    once = guided.apply(soft_edge(EDGE), small(image), image).copy()
    guided.apply(soft_edge(EDGE)[:20, :30], small(image)[:20, :30], image[:40, :60])
    assert np.array_equal(guided.apply(soft_edge(EDGE), small(image), image), once)


def test_half_the_detail_finds_the_same_edge() -> None:
    image = picture()
    result = GuidedFilter(step=2).apply(soft_edge(EDGE + 2), small(image), image)
    assert result.shape == (2 * HEIGHT, 2 * WIDTH)
    assert abs(crossing(result) - 2 * EDGE) <= 2
