from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.segmenters.rooms import ROOM, outline, seen, with_person
from vcam.segmenters.exposure import find_gains, find_shadows, recognise, relight, undo

NOBODY = np.zeros(ROOM.shape[:2], np.uint8)
ONE = np.ones(3, np.float32)


@pytest.mark.parametrize("light", [0.5, 1.3, (1.0, 1.2, 1.5)])
def test_the_factors_of_another_light_are_found_behind_somebody(light: Any) -> None:
    picture = seen(with_person(ROOM), light)
    gains = find_gains(picture, ROOM, NOBODY, ONE)
    assert np.allclose(gains, light, rtol=0.02)


def test_the_last_factors_are_kept_where_no_room_is_to_be_seen() -> None:
    last = np.full(3, 1.2, np.float32)
    assert find_gains(ROOM, ROOM, NOBODY + 1, last) is last


def test_somebody_who_fills_most_of_the_picture_is_not_taken_for_light() -> None:
    picture = ROOM.copy()
    picture[:, :150] = picture[:, :150] // 4 * 3 + np.arange(150, dtype=np.uint8)[:, None] % 60
    assert np.allclose(find_gains(picture, ROOM, NOBODY, ONE), 1, atol=0.03)


@pytest.mark.parametrize("light", [0.6, 1.8])
def test_light_can_be_undone_and_done(light: float) -> None:
    gains = np.full(3, light, np.float32)
    picture = seen(ROOM, light, noise=0)
    assert np.abs(undo(picture, ROOM, gains).astype(int) - ROOM).max() <= 2
    assert np.abs(relight(ROOM, gains).astype(int) - picture).max() <= 1


def test_the_room_is_recognised_in_any_light_and_somebody_is_not_the_room() -> None:
    shaded = np.clip(with_person(ROOM) * np.linspace(0.5, 1, 256)[:, None], 0, 255)
    same = recognise(shaded.astype(np.uint8), ROOM)
    assert same[outline() > 0].mean() < 0.05
    assert same[outline() == 0].mean() > 0.25


def test_a_shadow_is_the_room_and_somebody_is_no_shadow() -> None:
    shadows = find_shadows((with_person(ROOM) * 0.75).astype(np.uint8), ROOM)
    assert shadows[outline() == 0].mean() > 0.95
    assert shadows[outline() > 0].mean() < 0.1
