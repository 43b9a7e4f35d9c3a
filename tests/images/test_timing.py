from __future__ import annotations

import pytest

from vcam.images.timing import FRAME, Schedule, Steps, left


def test_steps_are_what_passes_between_two_calls() -> None:
    steps = Steps()
    assert steps.take(10.0) == FRAME, "nothing is known at first"
    assert steps.take(10.05) == pytest.approx(0.05)
    assert steps.take(10.04) == 0, "a clock that runs backwards says nothing"
    assert steps.take(99.0) == pytest.approx(0.2), "a gap does not make all fade"
    assert steps.take(None) == FRAME


@pytest.mark.parametrize("fps", [7, 15, 24, 30, 60, 144])
def test_it_is_due_as_often_at_every_rate(fps: int) -> None:
    schedule = Schedule(0.2)
    assert sum(schedule.is_due(number / fps) for number in range(10 * fps)) in (49, 50, 51)


def test_what_is_late_is_not_made_up_for() -> None:
    schedule = Schedule(0.2)
    due = [schedule.is_due(time) for time in (0.0, 5.0, 5.05, 5.1, 5.2)]
    assert due == [True, True, False, False, True]


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_as_much_is_left_after_a_second_at_every_rate(fps: int) -> None:
    share = 1.0
    for _ in range(fps):
        share *= left(0.9, 1 / fps)
    assert share == pytest.approx(0.9**30)
