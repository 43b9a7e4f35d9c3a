from __future__ import annotations

import numpy as np

from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters.newcomers import Candidate, Newcomers

NOBODY: Mask = np.zeros((180, 320), np.float32)
SOMEBODY = NOBODY.copy()
SOMEBODY[60:180, 40:100] = 1


class Certain:
    """A network that takes all it is shown for people, from the first look to the last."""

    size = (64, 36)

    def __init__(self, *sure: float) -> None:
        self.sure = list(sure)
        self.looks = 0

    def run(self, image: Image) -> Mask:
        self.looks += 1
        return np.full((36, 64), self.sure[min(self.looks, len(self.sure)) - 1], np.float32)

    def close(self) -> None:
        """Nothing."""


def pyramid() -> Pyramid:
    return Pyramid(np.full((360, 640, 3), 90, np.uint8))


def looked(one: Certain, other: Certain) -> list[Candidate]:
    newcomers = Newcomers(one, other)
    newcomers.suspect(SOMEBODY, NOBODY, NOBODY, 0.0)
    found = []
    while newcomers.any:
        somebody = newcomers.look(pyramid(), 0.0)
        found += [somebody] if somebody else []
    return found


def test_whom_both_networks_see_closely_and_from_further_away_is_found() -> None:
    one, other = Certain(1.0), Certain(0.9)
    (found,) = looked(one, other)
    assert (one.looks, other.looks) == (2, 2)
    assert found.seen is not None
    assert abs(found.seen[120, 70] - 0.9) < 0.01
    assert found.region.left < 0.2 < found.region.right


def test_what_is_nobody_to_one_network_is_not() -> None:
    assert not looked(Certain(1.0), Certain(0.1))


def test_what_is_somebody_only_in_a_close_look_is_not() -> None:
    assert not looked(Certain(1.0, 0.2), Certain(1.0))


def test_what_was_refused_is_not_looked_at_again_at_once() -> None:
    one, other = Certain(0.1), Certain(1.0)
    newcomers = Newcomers(one, other)
    newcomers.suspect(SOMEBODY, NOBODY, NOBODY, 0.0)
    newcomers.look(pyramid(), 0.0)
    newcomers.suspect(SOMEBODY, NOBODY, NOBODY, 1.0)
    assert not newcomers.any
    newcomers.suspect(SOMEBODY, NOBODY, NOBODY, 10.0)
    assert newcomers.any


def test_who_is_shown_already_is_no_newcomer() -> None:
    newcomers = Newcomers(Certain(1.0), Certain(1.0))
    newcomers.suspect(SOMEBODY, SOMEBODY, SOMEBODY, 0.0)
    assert not newcomers.any


def test_one_half_of_the_picture_after_the_other_is_searched_one_look_in_a_frame() -> None:
    one, other = Certain(0.0), Certain(0.0)
    newcomers = Newcomers(one, other)
    for index in range(60):
        before = one.looks + other.looks
        newcomers.patrol(pyramid(), NOBODY, index / 30)
        assert one.looks + other.looks - before <= 1
    assert one.looks == other.looks == 3, "both halves at once, then one after 1.5 s"
    assert not newcomers.at_work
