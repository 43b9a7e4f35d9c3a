from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest

from vcam.realtime.governor import Governor

Cost = Callable[[float, int], float]
"""Seconds that a frame takes, by the time and by how many savings are made."""


class Machine:
    """Renders a camera's frames, the newest first, by a clock of its own.

    Attributes:
        lowered: When quality was lowered.
        raised: When it was raised.
    """

    def __init__(self, cost: Cost, camera_fps: float = 30) -> None:
        self.governor = Governor(fps=30)
        self.lowered: list[float] = []
        self.raised: list[float] = []
        self._cost, self._interval = cost, 1 / camera_fps

    def run(self, seconds: float, begin: float = 0.0) -> None:
        now, newest, dropped = begin, -1, 0
        while now < begin + seconds:
            number = max(newest + 1, int((now - begin) / self._interval))
            dropped, newest = dropped + number - newest - 1, number
            captured = begin + number * self._interval
            now = max(now, captured)
            self.governor.took(captured, now, dropped)
            before = self.governor.level
            now += self._cost(now, before)
            self.governor.finished(now)
            if self.governor.level != before:
                (self.raised if before else self.lowered).append(now)


def always(full: float, light: float) -> Cost:
    return lambda now, lightly: light if lightly else full


def test_machine_with_room_does_all_that_is_configured() -> None:
    machine = Machine(always(0.025, 0.02))
    machine.run(60)
    assert not machine.lowered
    assert not machine.governor.problem


def test_now_and_then_a_late_frame_changes_nothing() -> None:
    machine = Machine(lambda now, lightly: 0.05 if now % 1 < 0.05 else 0.015)
    machine.run(60)
    assert not machine.lowered


def test_slow_machine_does_less_after_a_second_and_stays_at_it() -> None:
    machine = Machine(always(0.036, 0.031))
    machine.run(60)
    (lowered,) = machine.lowered
    assert 1 <= lowered < 1.5
    assert not machine.raised


def test_quality_comes_back_ten_seconds_after_there_is_room() -> None:
    machine = Machine(lambda now, lightly: 0.05 if now < 10 else 0.01)
    machine.run(60)
    assert len(machine.lowered) == 1
    (raised,) = machine.raised
    assert 20 <= raised < 22
    assert not machine.governor.problem


def test_raising_in_vain_is_tried_less_and_less_often() -> None:
    """At half detail it looks as if there were much room."""
    machine = Machine(always(0.04, 0.01))
    machine.run(1000)
    waits = [b - a for a, b in pairwise(machine.raised)]
    assert 4 <= len(machine.raised) <= 7
    assert all(later > 1.8 * earlier for earlier, later in pairwise(waits))


def test_raise_that_held_makes_the_next_one_as_quick_as_the_first() -> None:
    def cost(now: float, lightly: int) -> float:
        is_busy = now < 30 or 300 < now < 310
        return (0.01 if lightly else 0.04) if is_busy else 0.01

    machine = Machine(cost)
    machine.run(400)
    assert len(machine.lowered) >= 3  # one raise was in vain
    assert machine.lowered[-1] == pytest.approx(301, abs=1)
    assert machine.raised[-1] == pytest.approx(machine.lowered[-1] + 11, abs=1)


def test_slow_camera_leaves_more_time_for_each_frame() -> None:
    machine = Machine(always(0.05, 0.04), camera_fps=15)
    machine.run(60)
    assert not machine.lowered


def test_waiting_for_a_busy_processor_counts_too() -> None:
    """Frames that take little, but are taken late."""
    governor = Governor(30)
    for number in range(60):
        now = number / 30 + 0.03
        governor.took(number / 30, now, dropped=0)
        governor.finished(now + 0.005)
    assert governor.level


def test_frames_from_before_a_pause_say_nothing_after_it() -> None:
    machine = Machine(always(0.045, 0.04))
    machine.run(0.9)
    machine.run(0.9, begin=100)
    assert not machine.lowered


def test_it_says_what_was_lowered_and_why_and_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine = Machine(lambda now, lightly: 0.045 if now < 1.08 else 0.01)
    with caplog.at_level(logging.WARNING):
        machine.run(1.5)
        problem = machine.governor.problem
        machine.run(30, begin=2)
    assert problem.startswith("lowered to half detail, because ")
    assert "a frame took 45 ms, and 23 of 23 were later than 30 ms" in problem
    assert not machine.governor.problem
    assert caplog.messages == [
        f"quality is {problem}",
        "quality is what is configured again: there is room",
    ]


def test_stages_that_have_nothing_to_lower_end_it() -> None:
    machine = Machine(always(0.045, 0.04))
    machine.run(3)
    assert machine.governor.level
    machine.governor.took(3.1, 3.1, dropped=0)
    machine.governor.finished(3.2, savings=())
    assert not machine.governor.level
    assert not machine.governor.problem


STEPS = ("matte.quality balanced", "half detail")


class Steps(Machine):
    """A machine that has two savings to make, one after the other."""

    def __init__(self, cost: Cost) -> None:
        super().__init__(cost)
        self.governor.finished = partial(self.governor.finished, savings=STEPS)  # type: ignore[method-assign]


def test_savings_are_made_one_after_the_other_as_far_as_needed() -> None:
    enough = Steps(lambda now, level: (0.2, 0.02, 0.01)[level])
    enough.run(8)
    assert enough.governor.level == 1
    assert enough.governor.problem.startswith("lowered to matte.quality balanced, because ")
    both = Steps(lambda now, level: (0.2, 0.04, 0.01)[level])
    both.run(8)
    assert both.governor.level == 2
    assert both.governor.problem.startswith("lowered to matte.quality balanced and half detail, ")


def test_savings_are_taken_back_one_after_the_other() -> None:
    machine = Steps(lambda now, level: 0.2 if now < 5 else 0.005)
    machine.run(9)
    assert machine.governor.level == 2
    machine.run(12, begin=9)
    assert machine.governor.level == 1
    assert machine.governor.problem.startswith("lowered to matte.quality balanced")
    machine.run(20, begin=21)
    assert machine.governor.level == 0
    assert not machine.governor.problem


def test_stages_with_other_savings_begin_as_configured() -> None:
    machine = Steps(always(0.2, 0.02))
    machine.run(4)
    assert machine.governor.level
    machine.governor.took(4.1, 4.1, dropped=0)
    Governor.finished(machine.governor, 4.11, ("half detail",))
    assert not machine.governor.level
    assert not machine.governor.problem


def test_on_battery_all_is_saved_until_the_plug_is_back() -> None:
    machine = Machine(always(0.01, 0.005))
    machine.run(5)
    machine.governor.on_battery = True
    machine.run(5, begin=5)
    assert machine.governor.level == 1
    assert machine.governor.problem == "lowered to half detail, to spare the battery"
    machine.governor.on_battery = False
    machine.run(1, begin=10)
    assert machine.governor.level == 0
    assert not machine.governor.problem


def test_on_battery_nothing_is_saved_where_nothing_may_be() -> None:
    governor = Governor(fps=30)
    governor.on_battery = True
    for number in range(60):
        governor.took(number / 30, number / 30, 0)
        governor.finished(number / 30 + 0.1, ())
    assert (governor.level, governor.problem) == (0, "")


def test_a_slow_computer_that_comes_from_its_battery_finds_its_level_again() -> None:
    machine = Machine(always(0.06, 0.01))
    machine.governor.on_battery = True
    machine.run(5)
    machine.governor.on_battery = False
    machine.run(5, begin=5)
    assert machine.governor.level == 1
    assert "slow or busy" in machine.governor.problem
