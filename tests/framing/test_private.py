from __future__ import annotations

import numpy as np
import pytest

from tests.framing.test_framing import WAYS
from vcam.framing import Framing, PrivateAreas, Turn, View
from vcam.images.region import Region
from vcam.images.turn import Degrees
from vcam.images.types import Box, Cutout, Image

AREA = Region(0.1, 0.2, 0.4, 0.5)
SIZES = [(64, 36), (160, 90), (160, 120), (90, 160), (161, 91)]
"""Of cameras' pictures: equal to the output's, larger, of other proportions, upright, odd."""


def picture(width: int, height: int, level: int) -> Image:
    """A grey picture with something in the area."""
    image = np.full((height, width, 3), 90, np.uint8)
    image[round(0.2 * height) : round(0.5 * height), round(0.1 * width) : round(0.4 * width)] = (
        level
    )
    return image


def everybody(width: int = 64, height: int = 36) -> Cutout:
    return Cutout(np.full((height, width), 255, np.uint8), Box(0, 0, width, height))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_an_area_stays_where_it_is_however_the_picture_is_turned_and_cropped(
    way: tuple[Degrees, bool, bool], size: tuple[int, int]
) -> None:
    framing = Framing(64, 36, Turn.of(*way), private=PrivateAreas([AREA]))
    plain = Framing(64, 36, Turn.of(*way)).fit(picture(*size, 255))
    image = framing.fit(picture(*size, 255))
    alpha = framing.keep(everybody()).alpha
    there = plain[..., 0] > 95
    assert image[there].max() < 90
    assert alpha[there].max() == 0
    assert (alpha[..., None] > image).sum() > 0, "the rest can be shown"
    assert np.count_nonzero(alpha == 0) < 1.35 * np.count_nonzero(plain[..., 0] != 90) + 20


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_an_area_is_in_a_part_that_is_shown_larger(
    way: tuple[Degrees, bool, bool],
) -> None:
    framing = Framing(64, 36, Turn.of(*way), private=PrivateAreas([AREA]))
    view = View.around(0.35, 0.4, 0.5)
    one, other = (framing.cut(picture(160, 90, level), view).data.copy() for level in (255, 0))
    np.testing.assert_array_equal(one, other)


def test_the_cameras_own_picture_is_not_changed() -> None:
    image = picture(64, 36, 255)
    Framing(64, 36, private=PrivateAreas([AREA])).fit(image)
    np.testing.assert_array_equal(image, picture(64, 36, 255))


def test_without_areas_nothing_is_copied() -> None:
    image = picture(64, 36, 255)
    assert PrivateAreas([]).cover(image) is image


def test_areas_follow_when_the_camera_goes_over_to_another_size() -> None:
    framing = Framing(64, 36, private=PrivateAreas([AREA]))
    for size in ((64, 36), (160, 120), (64, 36)):
        framing.fit(picture(*size, 255))
        plain = Framing(64, 36).fit(picture(*size, 255))
        assert framing.keep(everybody()).alpha[plain[..., 0] > 95].max() == 0


@pytest.mark.parametrize(
    "area",
    [
        Region(0, 0, 1, 1),
        Region(0, 0, 1e-9, 1),
        Region(1 - 1e-9, 0.5, 1, 1),
        Region(0, 0, 1, 0.001),
    ],
)
def test_areas_at_the_edges_cover_at_least_a_pixel(area: Region) -> None:
    covered = PrivateAreas([area]).cover(np.full((36, 64, 3), 200, np.uint8))
    assert covered.min() == 0
    assert PrivateAreas([area]).drawn(64, 36).max() == 255
