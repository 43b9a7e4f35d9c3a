from __future__ import annotations

import pytest

from vcam.realtime.pacing import OutputClock, Throttle


def accepted(source_fps: float, output_fps: float, seconds: float = 20.0) -> float:
    throttle = Throttle(output_fps)
    count = int(seconds * source_fps)
    return sum(throttle.accepts(i / source_fps) for i in range(count)) / seconds


@pytest.mark.parametrize("source_fps", [60, 50, 36, 33, 144, 90])
def test_faster_source_is_thinned_to_the_outputs_rate(source_fps: float) -> None:
    assert accepted(source_fps, 30) == pytest.approx(30, rel=0.02)


@pytest.mark.parametrize("source_fps", [30, 29.97, 30.3, 25, 15])
def test_source_at_or_below_the_rate_loses_no_frame(source_fps: float) -> None:
    assert accepted(source_fps, 30) == pytest.approx(source_fps, rel=0.01)


def simulate(source_fps: float, output_fps: float, seconds: float = 20.0) -> tuple[int, int]:
    """New and repeated frames sent when frames come at exactly `source_fps`."""
    clock, now, new, repeated = OutputClock(output_fps, 0.0), 0.0, 0, 0
    arrivals = [i / source_fps for i in range(1, int(seconds * source_fps))] if source_fps else []
    steady = source_fps > 0.9 * output_fps
    while now < seconds:
        deadline = now + clock.patience(now, steady)
        if arrivals and arrivals[0] <= deadline:
            now = max(now, arrivals.pop(0))
            clock.sent(now, new=True)
            new += 1
        else:
            now = max(deadline, now + 1e-6)
            clock.sent(now, new=False)
            repeated += 1
    return new, repeated


@pytest.mark.parametrize("source_fps", [0, 1, 7, 15, 24, 25, 29.5, 29.97, 30, 30.5])
def test_output_rate_is_kept_whatever_the_source_gives(source_fps: float) -> None:
    new, repeated = simulate(source_fps, 30)
    assert (new + repeated) / 20 == pytest.approx(30, rel=0.05)


@pytest.mark.parametrize("source_fps", [29.5, 29.97, 30, 30.5])
def test_source_near_the_rate_is_followed_without_repeats(source_fps: float) -> None:
    _, repeated = simulate(source_fps, 30)
    assert repeated <= 2  # before the first frame


def test_jump_of_the_clock_is_not_made_up_for() -> None:
    clock = OutputClock(30, 0.0)
    clock.sent(0.0, new=True)
    clock.sent(7200.0, new=True)
    assert clock.patience(7200.0, steady=False) == pytest.approx(1 / 30)
