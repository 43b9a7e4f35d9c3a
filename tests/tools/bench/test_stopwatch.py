from __future__ import annotations

import time

import pytest

from vcam.tools.bench.stopwatch import Stopwatch


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def fail(after: float) -> None:
    spin(after)
    raise ArithmeticError


def test_what_is_inside_counts_for_the_inner_name_alone() -> None:
    watch = Stopwatch()
    with watch.measure("outer"):
        spin(0.01)
        with watch.measure("inner"):
            spin(0.03)
    watch.finish_frame()
    assert watch.cost("inner").cpu == pytest.approx(30, abs=2)
    assert watch.cost("outer").cpu == pytest.approx(10, abs=2)
    assert watch.cost("outer", "inner").cpu == pytest.approx(40, abs=3)


def test_cpu_time_does_not_count_waiting_and_wall_time_does() -> None:
    watch = Stopwatch()
    with watch.measure("wait"):
        time.sleep(0.05)
    watch.finish_frame()
    assert watch.cost("wait").cpu < 5
    assert watch.cost("wait").wall > 45


def test_a_name_counts_once_for_each_frame_however_often_it_is_measured() -> None:
    watch = Stopwatch()
    for _ in range(3):
        with watch.measure("part"):
            spin(0.005)
    watch.finish_frame()
    assert watch.cost("part").cpu == pytest.approx(15, abs=2)


def test_what_fails_is_timed_too_and_what_is_forgotten_is_gone() -> None:
    watch = Stopwatch()
    with pytest.raises(ArithmeticError), watch.measure("part"):
        fail(after=0.005)
    watch.finish_frame()
    assert watch.cost("part").cpu > 4
    watch.forget()
    assert watch.cost("part").cpu == watch.cost("part").wall_p99 == 0


def test_frames_without_a_part_count_as_nothing() -> None:
    watch = Stopwatch()
    for number in range(5):
        if number == 0:
            with watch.measure("seldom"):
                spin(0.005)
        watch.finish_frame()
    cost = watch.cost("seldom")
    assert cost.cpu == 0
    assert cost.cpu_p99 > 4
