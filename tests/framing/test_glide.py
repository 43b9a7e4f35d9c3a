from __future__ import annotations

import numpy as np
import pytest

from vcam.framing.glide import Glide

TIMES = np.arange(1, 4, 0.01)


def path(glide: Glide, times: np.ndarray = TIMES) -> np.ndarray:
    return np.array([glide.at(time)[0] for time in times])


def test_rests_where_it_was_put_and_where_it_was_sent() -> None:
    glide = Glide(np.array([1.0, 2.0]))
    assert glide.at(5.0).tolist() == [1.0, 2.0]
    glide.go(5.0, np.array([3.0, 0.1]), 2.0)
    assert not glide.rests(6.9)
    assert glide.rests(7.0)
    assert glide.at(7.0).tolist() == glide.at(1e6).tolist() == [3.0, 0.1]


def test_movement_never_turns_back_nor_leaps() -> None:
    glide = Glide(np.array([0.0]))
    glide.go(1.0, np.array([1.0]), 2.0)
    steps = np.diff(path(glide))
    assert (steps >= 0).all()
    assert steps.max() == pytest.approx(1.875 / 2 * 0.01, rel=0.01)  # least jerk: 15/8 of the mean
    assert np.abs(np.diff(steps)).max() < 5.8 / 4 * 0.01**2


@pytest.mark.parametrize("turn", [0.3, 1.0, 1.7])
@pytest.mark.parametrize("target", [2.0, 0.0, -1.0])
def test_speed_and_acceleration_go_on_when_it_is_sent_elsewhere_on_the_way(
    turn: float, target: float
) -> None:
    glide = Glide(np.array([0.0]))
    glide.go(0.0, np.array([1.0]), 2.0)
    before = path(glide, turn + np.array([-0.002, -0.001, 0.0]))
    glide.go(turn, np.array([target]), 2.0)
    after = path(glide, turn + np.array([0.0, 0.001, 0.002]))
    assert after[0] == pytest.approx(before[2], abs=1e-12)
    assert np.diff(after)[0] == pytest.approx(np.diff(before)[1], abs=1e-5)
    assert np.diff(after, 2)[0] == pytest.approx(np.diff(before, 2)[0], abs=1e-7)
    assert glide.at(turn + 2)[0] == target
