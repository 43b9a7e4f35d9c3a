from __future__ import annotations

import cv2
import numpy as np
import pytest

from vcam.framing.heads import find_busts
from vcam.images.person_finder import find_persons
from vcam.images.types import Plane
from vcam.segmenters.people import find_people

HEIGHT, WIDTH = 180, 320


def draw(*people: tuple[int, float]) -> Plane:
    """People at some columns, of some sizes: uint8 (h, w), 1 there."""
    plane = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x, size in people:
        cv2.circle(plane, (x, int(HEIGHT - 75 * size)), int(18 * size), 1, cv2.FILLED)
        shoulders = (int(40 * size), int(60 * size))
        cv2.ellipse(plane, (x, HEIGHT), shoulders, 0, 180, 360, 1, cv2.FILLED)
    return plane


@pytest.mark.parametrize(
    ("people", "count"),
    [
        ([], 0),
        ([(160, 1.0)], 1),
        ([(100, 1.0), (180, 1.0)], 2),  # shoulder to shoulder
        ([(60, 1.0), (250, 1.0)], 2),
        ([(50, 1.0), (160, 1.0), (270, 1.0)], 3),
        ([(60, 0.6), (250, 1.0)], 2),
        ([(160, 1.0), (290, 0.25)], 1),  # a hand of theirs
        ([(160, 0.1)], 0),  # a scrap of the room
    ],
)
def test_crop_framing_and_nearest_count_the_same_people(
    people: list[tuple[int, float]], count: int
) -> None:
    plane = draw(*people)
    found = find_people(plane.astype(np.float32))
    assert (0 if found is None else len(found.regions)) == count
    assert len(find_persons(plane)) == count
    assert len(find_busts(plane * np.uint8(255))) == count


def test_everybody_who_is_found_is_in_one_person_only() -> None:
    plane = draw((100, 1.0), (180, 1.0), (280, 0.8))
    total = np.sum([person.astype(np.uint8) for person in find_persons(plane)], axis=0)
    assert np.array_equal(total, plane)
