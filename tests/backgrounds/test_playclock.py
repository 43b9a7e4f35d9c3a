from __future__ import annotations

import pytest

from vcam.backgrounds.playclock import PlayClock


def test_it_starts_at_nothing_whenever_that_is() -> None:
    assert PlayClock().advance(12345.0) == 0.0


def test_it_adds_up_the_time_between_frames() -> None:
    clock = PlayClock()
    times = [100.0, 100.04, 100.1, 100.4]
    assert [clock.advance(time) for time in times] == pytest.approx([0.0, 0.04, 0.1, 0.4])


def test_a_pause_does_not_count() -> None:
    clock = PlayClock()
    assert [clock.advance(time) for time in (0.0, 0.1, 3600.1, 3600.2)] == pytest.approx(
        [0.0, 0.1, 0.1, 0.2]
    )


def test_a_clock_that_was_set_back_stands_still_once() -> None:
    clock = PlayClock()
    assert [clock.advance(time) for time in (50.0, 50.2, 7.0, 7.1)] == pytest.approx(
        [0.0, 0.2, 0.2, 0.3]
    )
