from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.framing.people import H, W, nobody, person, with_arm
from vcam.framing import WHOLE, Composition, Follower, View
from vcam.framing.heads import find_busts
from vcam.images.types import Alpha

GLIDE = 2.5
Scene = Callable[[float], Alpha]


def follower(home: View = WHOLE) -> Follower:
    return Follower(home, Composition(0.8, 0.4), GLIDE, (W // 4, H // 4))


def watch(
    scene: Scene, seconds: float, by: Follower | None = None, begin: float = 0.0, fps: float = 30
) -> list[View]:
    """The views of a scene, a function of the time."""
    whose = by or follower()
    times = begin + np.arange(round(seconds * fps)) / fps
    return [whose.follow(scene(float(time)), float(time)) for time in times]


def edges(views: list[View]) -> np.ndarray:
    """Left, upper and right edges in pixels, (n, 3)."""
    return np.array([(v.left * W, v.top * H, (v.left + v.size) * W) for v in views])


def rests(views: list[View]) -> bool:
    return len(set(views)) == 1


def moved(begin: float, seconds: float, way: float, x: float = 0.35) -> Scene:
    """Somebody who goes `way` (share of the width) from `x` in so many seconds."""
    return lambda time: person(x + way * float(np.clip((time - begin) / seconds, 0, 1)), 0.45, 45)


def test_starts_where_the_person_is_and_fills_the_frame() -> None:
    views = watch(lambda time: person(0.3, 0.4, 75), 3)
    assert rests(views)
    (bust,) = find_busts(person(0.3, 0.4, 75))
    view = views[0]
    assert view.x == pytest.approx(bust.x, abs=0.02)
    assert (bust.bottom - bust.top) / view.size == pytest.approx(0.8, abs=0.05)
    assert 0.05 < (bust.top - view.top) / view.size < 0.2


def test_view_is_never_smaller_than_allowed_nor_outside() -> None:
    view = watch(lambda time: person(0.02, 0.7, 20), 0.1)[0]
    assert view.size == pytest.approx(0.4, abs=0.01)
    assert view.left == 0
    large = watch(lambda time: person(0.5, 0.05, 200), 0.1)[0]
    assert large == WHOLE


def test_small_movements_and_gestures_do_nothing() -> None:
    def restless(time: float) -> Alpha:
        x = 0.5 + 0.02 * np.sin(2.1 * time)
        sitting = person(x, 0.4 + 0.02 * np.sin(3.3 * time), 70 * (1 + 0.04 * np.sin(1.7 * time)))
        return with_arm(sitting, x, np.sin(12 * time)) if 3 < time < 9 else sitting

    assert rests(watch(restless, 12))


def test_frames_without_a_mask_and_with_a_ghost_do_nothing() -> None:
    rng = np.random.default_rng(4)

    def flickering(time: float) -> Alpha:
        alpha = person(0.4, 0.4, 60)
        chance = rng.random()
        if chance < 0.1 and time:
            return nobody()
        return person(0.85, 0.4, 60, alpha) if chance > 0.9 and time else alpha

    assert rests(watch(flickering, 10))


def test_change_of_place_is_followed_once_smoothly_and_exactly() -> None:
    views = watch(moved(2, 0.5, 0.08), 9)
    assert rests(views[:60])
    assert rests(views[-60:])
    path = edges(views)[:, 0]
    steps = np.diff(path)
    assert (steps >= -1e-9).all()  # never back
    assert path[-1] - path[0] == pytest.approx(0.08 * W, abs=0.02 * W)
    moving = np.flatnonzero(steps > 1e-9)
    assert len(moving) <= GLIDE * 30 + 1  # one movement, and then rest
    assert moving[-1] - moving[0] < GLIDE * 30 + 1
    assert steps.max() < 2 * (path[-1] - path[0]) / (GLIDE * 30)
    assert np.abs(np.diff(steps)).max() < 0.06  # pixels; no jerk, at the end either


@pytest.mark.parametrize("fps", [10, 24, 60])
def test_movement_takes_the_same_time_at_any_rate(fps: float) -> None:
    scene = moved(2, 0.5, 0.08)
    there = watch(scene, 8, fps=fps)[-1]
    assert there == watch(scene, 8)[-1]
    half = watch(scene, 4.5, fps=fps)[-1]
    assert abs(half.x - watch(scene, 4.5)[-1].x) < 0.01


@pytest.mark.parametrize("seconds", [2.0, 3.0, 6.0])
def test_head_of_somebody_who_walks_stays_in_view(seconds: float) -> None:
    scene = moved(2, seconds, 0.6, 0.2)
    views = watch(scene, 14)
    for index, view in enumerate(views):
        (bust,) = find_busts(scene(index / 30))
        assert view.left < bust.x < view.left + view.size
        assert view.top < bust.top + bust.head
    assert rests(views[-60:])
    assert views[-1].x == pytest.approx(0.8, abs=0.09)


def test_all_of_several_people_are_in_view() -> None:
    def two(time: float) -> Alpha:
        one = person(0.2, 0.5, 40)
        return person(0.75, 0.45, 45, one) if 2 < time < 8 else one

    views = watch(two, 16)
    alone, both, again = views[30], views[7 * 30], views[-1]
    for bust in find_busts(two(5)):
        assert both.left < bust.left
        assert bust.right < both.left + both.size
    assert alone.size < 0.6
    assert again == alone


def test_nobody_there_leads_home_and_the_next_is_followed() -> None:
    home = View.around(0.5, 0.5, 0.9)

    def leaves(time: float) -> Alpha:
        return nobody() if 2 < time < 12 else person(0.3 if time < 6 else 0.6, 0.5, 45)

    views = watch(leaves, 18, follower(home))
    assert views[4 * 30] == views[0]  # waits first
    assert views[11 * 30].size == pytest.approx(0.9, abs=0.01)
    assert views[-1].x == pytest.approx(0.6, abs=0.02)
    assert np.abs(np.diff(edges(views), axis=0)).max() < 5


def test_starts_at_home_where_nobody_is() -> None:
    assert watch(lambda time: nobody(), 5) == [WHOLE] * 150


@pytest.mark.parametrize("gap", [60.0, -60.0])
def test_leap_in_time_starts_anew_without_a_swoop(gap: float) -> None:
    by = follower()
    watch(lambda time: person(0.25, 0.5, 45), 3, by, 100.0)
    later = watch(lambda time: person(0.7, 0.5, 45), 3, by, 103.0 + gap)
    assert rests(later)
    assert later[0].x == pytest.approx(0.7, abs=0.02)


def test_reset_starts_anew() -> None:
    by = follower()
    watch(lambda time: person(0.25, 0.5, 45), 1, by)
    by.reset()
    assert rests(watch(lambda time: person(0.7, 0.5, 45), 3, by, 1.0))
