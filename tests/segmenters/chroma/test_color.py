from __future__ import annotations

import numpy as np
import pytest

from tests.segmenters.chroma.sheets import BLUE, GREEN, room, seen, sheet
from vcam.images.resizing import shrink
from vcam.segmenters.chroma.color import SheetColor, find_color, hue_of

SKIN = ((110, 140, 200), (60, 80, 130), (150, 180, 230))


@pytest.mark.parametrize("color", [GREEN, BLUE, (240, 215, 168)])
def test_the_sheet_s_colour_is_found_whatever_it_is(color: tuple[int, int, int]) -> None:
    found = find_color(shrink(seen(sheet(color)), 160, 90), None, None, 0.1)
    assert found is not None
    red, green, blue = (int(level) for level in found[::-1])
    assert abs(hue_of((red, green, blue)) - hue_of(color[::-1])) <= 3


def test_a_room_without_a_sheet_has_none() -> None:
    assert find_color(shrink(room(), 160, 90), None, None, 0.1) is None


def test_the_commonest_colour_counts_where_the_person_is_not() -> None:
    picture = shrink(sheet(GREEN), 160, 90)
    picture[:, 60:160] = BLUE  # a wide shirt
    where = np.zeros((90, 160), np.uint8)
    where[:, :60] = 1
    found = find_color(picture, None, where, 0.1)
    assert found is not None
    assert found.argmax() == 1


@pytest.mark.parametrize("color", [GREEN, BLUE])
def test_folds_are_sheet_and_skin_is_not(color: tuple[int, int, int]) -> None:
    known = SheetColor.of(np.array(color, np.float64), 0.5)
    light = np.linspace(0.4, 1.2, 50)[:, None, None] * np.array(color)
    like_sheet, others = known.look(np.clip(light, 0, 255).astype(np.uint8))
    assert like_sheet.all()
    assert not others.any()
    like_sheet, others = known.look(np.array(SKIN, np.uint8)[:, None])
    assert not like_sheet.any()
    assert others.all()


def test_with_more_tolerance_more_is_sheet_and_less_is_not() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    counts = []
    for tolerance in (0.0, 0.3, 0.6, 1.0):
        like_sheet, others = SheetColor.of(np.array(GREEN, np.float64), tolerance).look(picture)
        assert not (like_sheet & others).any()
        counts.append((int(like_sheet.sum()), -int(others.sum())))
    assert counts == sorted(counts)
    assert counts[0] != counts[-1]
