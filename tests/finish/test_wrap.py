from __future__ import annotations

import numpy as np

from tests.finish.layers import H, W, flat, layer
from vcam.finish.wrap import LightWrap

EDGE, INSIDE = W // 2, W // 2 + 40


def test_light_falls_on_the_edge_and_not_far_inside() -> None:
    person = layer(luma=60)
    LightWrap(1.0).apply(person, flat(220), 0.0)
    assert person.y[H // 2, EDGE] > 75
    assert person.y[H // 2, EDGE] > person.y[H // 2, EDGE + 8]
    assert (person.y[:, INSIDE:] == 60).all()
    assert (person.u[:, INSIDE // 2 :] == 120).all()


def test_light_has_the_colour_of_the_background() -> None:
    person = layer(luma=60, u=128, v=128)
    LightWrap(1.0).apply(person, flat(150, 90, 190), 0.0)
    assert person.u[H // 4, EDGE // 2] < 124
    assert person.v[H // 4, EDGE // 2] > 132


def test_black_background_sheds_no_light() -> None:
    person = layer()
    LightWrap(1.0).apply(person, flat(16), 0.0)
    assert np.array_equal(person.y, layer().y)


def test_strength_is_how_much_light() -> None:
    weak, strong = layer(luma=60), layer(luma=60)
    LightWrap(0.3).apply(weak, flat(220), 0.0)
    LightWrap(0.9).apply(strong, flat(220), 0.0)
    assert 60 < weak.y[H // 2, EDGE] < strong.y[H // 2, EDGE]


def test_white_is_not_driven_beyond_white() -> None:
    person = layer(luma=235)
    LightWrap(1.0).apply(person, flat(235), 0.0)
    assert person.y.max() <= 235


def test_light_follows_a_background_that_changes() -> None:
    wrap, background = LightWrap(1.0), flat(16)
    wrap.apply(layer(), background, 0.0)
    background.y[:] = 220
    person = layer(luma=60)
    wrap.apply(person, background, 1.0)
    assert person.y[H // 2, EDGE] > 75


def test_background_is_not_written_to() -> None:
    background = flat(220)
    LightWrap(1.0).apply(layer(), background, 0.0)
    assert np.array_equal(background.data, flat(220).data)
