from __future__ import annotations

import numpy as np
import pytest

from tests.finish.layers import H, W, flat, layer
from vcam.finish.brighten import Brighten
from vcam.images.types import I420, Layer

ANYWHERE = flat(128)


def brightened(person: Layer, strength: float = 1.0) -> Layer:
    Brighten(strength).apply(person, ANYWHERE, 0.0)
    return person


def inside(person: Layer) -> tuple[int, int, int]:
    return tuple(int(plane[-4, -4]) for plane in person.planes)  # type: ignore[return-value]


def test_a_dim_person_gets_brighter_and_more_so_with_more_strength() -> None:
    levels = [inside(brightened(layer(50), strength))[0] for strength in (0.01, 0.3, 0.6, 1.0)]
    assert levels == sorted(levels)
    assert levels[0] < 60
    assert 100 < levels[-1] < 125


@pytest.mark.parametrize("luma", [118, 160, 235])
def test_a_person_who_is_well_lit_is_left_alone(luma: int) -> None:
    person = layer(luma)
    brightened(person)
    assert inside(person) == (luma, 120, 140)


def test_black_and_white_stay() -> None:
    person = layer(60)
    person.y[:40] = 16
    person.y[56:] = 235
    brightened(person)
    assert person.y[4, -4] == 16
    assert person.y[-4, -4] == 235


def test_colours_keep_up_with_the_light() -> None:
    _, u, v = inside(brightened(layer(50, 120, 140)))
    assert 112 <= u < 119
    assert 142 < v <= 152


def noisy(seed: int, sigma: float = 4.0) -> Layer:
    person, random = layer(45), np.random.default_rng(seed)
    for plane in person.planes:
        plane[:] = np.clip(np.rint(plane + random.normal(0, sigma, plane.shape)), 0, 255)
    return person


def test_noise_does_not_grow_with_the_light() -> None:
    """Two pictures of one scene differ by their noise alone."""
    before = [noisy(seed) for seed in (1, 2)]
    after = [brightened(noisy(seed)) for seed in (1, 2)]
    for index in range(3):
        grain = [
            float((each[0].planes[index].astype(float) - each[1].planes[index])[8:-8, -60:-8].std())
            for each in (before, after)
        ]
        assert grain[1] < 1.04 * grain[0]
    assert after[0].y[8:-8, -60:-8].mean() > before[0].y[8:-8, -60:-8].mean() + 40


def test_what_stands_behind_does_not_change_the_persons_edge() -> None:
    edges = []
    for behind in (16, 235):
        person = layer(50)
        person.y[:, : W // 2] = behind
        brightened(person)
        edges.append(person.y[H // 2, W // 2 :].astype(int))
    assert np.abs(edges[0] - edges[1]).max() <= 2
    assert np.ptp(edges[0]) <= 3


def test_a_light_that_goes_on_is_followed_slowly() -> None:
    effect, levels = Brighten(1.0), []
    for index in range(90):
        person = layer(50 if index < 2 else 90)
        effect.apply(person, ANYWHERE, index / 30)
        levels.append(inside(person)[0] - (50 if index < 2 else 90))
    assert levels[2] > 25
    assert np.abs(np.diff(levels[2:])).max() <= 3
    assert levels[-1] < levels[2] - 10


def test_nobody_is_no_fault() -> None:
    nobody = layer(50, alpha=np.zeros((H, W), np.uint8))
    brightened(nobody)
    assert inside(nobody)[0] == 50
    effect = Brighten(1.0)
    effect.apply(layer(50), ANYWHERE, 0.0)
    effect.apply(nobody, ANYWHERE, 1.0)
    assert nobody.y.dtype == np.uint8


@pytest.mark.parametrize("size", [(2, 2), (7, 3), (33, 121)])
def test_layers_of_any_size_are_taken(size: tuple[int, int]) -> None:
    person = layer(50)
    effect = Brighten(1.0)
    effect.apply(person, ANYWHERE, 0.0)
    small = I420(*size)
    small.data[:] = 50
    alpha = np.full((size[1], size[0]), 255, np.uint8)
    chroma_alpha = np.full(small.u.shape, 255, np.uint8)
    part = Layer(person.box, *small.planes, alpha, chroma_alpha)
    effect.apply(part, ANYWHERE, 0.1)
    assert part.y.min() > 80
