from __future__ import annotations

import numpy as np
import pytest

from tests.finish.layers import H, W, flat, layer
from vcam.finish.match import ColorMatch
from vcam.images.types import I420, Layer


def inside(person: Layer) -> tuple[int, int, int]:
    return tuple(int(plane[-4, -4]) for plane in person.planes)  # type: ignore[return-value]


def test_person_comes_nearer_to_the_background() -> None:
    person = layer(90, 120, 140)
    ColorMatch(1.0).apply(person, flat(150, 130, 126), 0.0)
    y, u, v = inside(person)
    assert 110 < y < 130
    assert 120 < u <= 125
    assert 133 <= v < 140


@pytest.mark.parametrize("background", [flat(16, 16, 240), flat(235, 240, 16), flat(16), flat(235)])
def test_even_a_glaring_background_leaves_the_person_natural(background: I420) -> None:
    person = layer(110, 118, 142)
    ColorMatch(1.0).apply(person, background, 0.0)
    y, u, v = inside(person)
    assert 70 < y < 150
    assert abs(u - 118) <= 10
    assert abs(v - 142) <= 10


def test_black_and_white_stay() -> None:
    match, person = ColorMatch(1.0), layer(90)
    person.y[-8:, -8:] = 16
    person.y[-16:-8, -8:] = 235
    match.apply(person, flat(200), 0.0)
    assert person.y[-1, -1] == 16
    assert person.y[-12, -1] == 235


def test_cut_in_the_background_is_followed_slowly() -> None:
    match, levels = ColorMatch(1.0), []
    for index, luma in enumerate([90, *[200] * 150]):
        person = layer(90)
        match.apply(person, flat(luma, 120, 140), index / 30)
        levels.append(inside(person)[0])
    assert levels[0] == 90
    assert max(np.diff(levels)) <= 2
    assert levels[150] > levels[15] > 90


def test_person_who_left_changes_nothing_of_the_tone() -> None:
    match = ColorMatch(1.0)
    match.apply(layer(90), flat(200), 0.0)
    nobody = layer(90, alpha=np.zeros((H, W), np.uint8))
    match.apply(nobody, flat(16), 60.0)
    assert inside(nobody)[0] > 90


def test_nobody_at_all_is_left_alone() -> None:
    nobody = layer(90, alpha=np.zeros((H, W), np.uint8))
    ColorMatch(1.0).apply(nobody, flat(200), 0.0)
    assert inside(nobody)[0] == 90
