from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.segmenters.test_newcomers import Certain
from vcam.images.region import Region
from vcam.images.types import Plane
from vcam.segmenters.confirmation import Movement
from vcam.segmenters.engines import Engine
from vcam.segmenters.group import Group, _parts
from vcam.segmenters.people import People
from vcam.segmenters.subject import Looks

ONE, TWO = Region(0.1, 0.3, 0.35, 1), Region(0.5, 0.3, 0.8, 1)
AROUND: Plane = np.ones((180, 320), np.uint8)


def group(*regions: Region) -> Group:
    engine: Engine = Certain(1.0)
    made = Group(Looks(engine, None, False, False, 0.01, Movement()))
    made.proportions = 16 / 9
    made.form(list(regions))
    return made


def seen(*regions: Region) -> People:
    return People(AROUND, list(regions))


def test_people_who_are_told_apart_for_a_while_get_a_crop_each() -> None:
    both = group(ONE.joined(TWO))
    both.follow(seen(ONE, TWO), None, 1.0)
    assert len(both.subjects) == 1
    assert not both.is_settled
    assert both.subjects[0].crop.holds(ONE)
    assert both.subjects[0].crop.holds(TWO)
    both.follow(seen(ONE, TWO), None, 1.4)
    first, second = both.subjects
    assert both.is_settled
    assert first.region == ONE
    assert not first.crop.holds(TWO)
    assert second.crop.holds(TWO)


def test_a_hand_that_is_raised_for_a_moment_gets_none() -> None:
    one = group(ONE)
    one.follow(seen(ONE, Region(0.4, 0.4, 0.5, 1)), None, 1.0)
    one.follow(seen(ONE), None, 1.2)
    one.follow(seen(ONE, Region(0.4, 0.4, 0.5, 1)), None, 1.4)
    assert len(one.subjects) == 1


def test_people_who_lean_together_keep_their_crops() -> None:
    two = group(ONE, TWO)
    for index in range(20):
        two.follow(seen(ONE.joined(TWO)), None, index / 10)
    first, second = two.subjects
    assert first.region.right < second.region.right
    assert first.region.left == ONE.left
    assert second.region.right == TWO.right


def test_one_person_is_not_cut_in_two_for_long() -> None:
    two = group(Region(0.3, 0.3, 0.4, 1), Region(0.4, 0.3, 0.6, 1))
    for index in range(10):
        two.follow(seen(Region(0.3, 0.3, 0.6, 1)), None, index / 10)
    assert [subject.region for subject in two.subjects] == [Region(0.3, 0.3, 0.6, 1)]


def test_who_has_left_is_forgotten() -> None:
    two = group(ONE, TWO)
    two.follow(seen(TWO), None, 1.0)
    assert [subject.region for subject in two.subjects] == [TWO]


def test_who_is_certainly_there_is_welcome_at_once_and_only_once() -> None:
    one = group(ONE)
    one.welcome(TWO)
    assert [subject.region for subject in one.subjects] == [ONE, TWO]
    head = Region(0.55, 0.1, 0.7, 0.3)
    one.welcome(head)
    assert len(one.subjects) == 2
    assert one.subjects[1].crop.holds(TWO.joined(head))


_SIDES = st.tuples(st.floats(0, 0.9), st.floats(0.05, 1)).map(
    lambda pair: Region(pair[0], 0.2, min(1.0, pair[0] + pair[1]), 1.0)
)


@given(st.lists(_SIDES, min_size=2, max_size=5), _SIDES)
def test_parts_of_a_shared_region_lie_in_it_from_left_to_right(
    owned: list[Region], shared: Region
) -> None:
    """Also where somebody's last place is beside it altogether."""
    subjects = sorted(group(*owned).subjects, key=lambda subject: subject.region.middle)
    parts = _parts(shared, subjects)
    for part in parts:
        assert shared.left <= part.left < part.right <= shared.right
    assert [part.left for part in parts] == sorted(part.left for part in parts)
    assert (parts[0].left, parts[-1].right) == (shared.left, shared.right)
