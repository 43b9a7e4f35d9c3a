from __future__ import annotations

import numpy as np
import pytest

from vcam.framing.resample import resample
from vcam.images.types import Plane


def wave(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A smooth picture, known between its pixels too."""
    return np.asarray(128 + 60 * np.sin(x / 9)[None] + 60 * np.cos(y / 7)[:, None])


def places(begin: float, step: float, count: int) -> np.ndarray:
    """The middles of the pixels of a part, in pixels of the plane."""
    return np.asarray(begin + (np.arange(count) + 0.5) * step - 0.5)


PLANE: Plane = np.rint(wave(np.arange(160.0), np.arange(120.0))).astype(np.uint8)


@pytest.mark.parametrize("step", [0.25, 0.6, 1.0, 1.37])
@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (20.0, 10.0), (20.37, 10.62), (3.996, 0.004)])
def test_part_between_the_pixels_is_what_is_there(step: float, x: float, y: float) -> None:
    out: Plane = np.zeros((61, 80), np.uint8)
    resample(PLANE, x, y, (step, step), out)
    truth = wave(places(x, step, 80), places(y, step, 61))
    assert np.abs(out - truth)[2:, 2:].max() < 2  # within half a pixel of its edge it is coarser


def test_whole_pixels_of_the_same_size_are_copied() -> None:
    out: Plane = np.zeros((40, 50), np.uint8)
    resample(PLANE, 30, 20, (1.0, 1.0), out)
    assert np.array_equal(out, PLANE[20:60, 30:80])


def test_last_pixels_are_repeated_where_the_plane_ends() -> None:
    out: Plane = np.zeros((40, 50), np.uint8)
    resample(PLANE, 120, 90, (1.0, 1.0), out)
    assert np.array_equal(out[:30, :40], PLANE[90:, 120:])
    assert (out[:30, 40:] == PLANE[90:, -1:]).all()
    assert (out[30:] == out[29]).all()


@pytest.mark.parametrize("step", [0.4, 0.7, 1.3])
def test_slow_movement_is_seen_to_the_tenth_of_a_pixel(step: float) -> None:
    """Finer than that, 8 bits cannot show it."""
    still, moved = np.zeros((2, 61, 80), np.uint8)
    resample(PLANE, 20.0, 10.0, (step, step), still)
    slope = np.gradient(still.astype(float), step, axis=1)[2:-2, 2:-2]
    for way in np.arange(1, 51) / 50:
        resample(PLANE, 20 + way, 10.0, (step, step), moved)
        truth = wave(places(20 + way, step, 80), places(10, step, 61))
        offset = ((moved - truth)[2:-2, 2:-2] * slope).sum() / (slope**2).sum()
        assert abs(offset) < 0.1
