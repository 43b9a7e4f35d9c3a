from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from vcam.backgrounds.kernels import DiscKernel, Kernel, SmoothKernel

KERNELS = [SmoothKernel(1.0), SmoothKernel(4.0), DiscKernel(2.2), DiscKernel(5.0), DiscKernel(8.0)]


def _point() -> npt.NDArray[np.float32]:
    cells = np.zeros((61, 81, 4), np.float32)
    cells[30, 40] = (1000, 200, 50, 1)
    return cells


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_sum_stays_the_same_in_all_channels(kernel: Kernel) -> None:
    spread = np.asarray(kernel.spread(_point()))
    np.testing.assert_allclose(spread.sum(axis=(0, 1)), (1000, 200, 50, 1), rtol=1e-4)


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_even_plane_stays_even_up_to_its_edges(kernel: Kernel) -> None:
    plane = np.full((20, 30, 4), 7, np.float32)
    np.testing.assert_allclose(kernel.spread(plane), plane, rtol=1e-4)


@pytest.mark.parametrize("radius", [2.2, 4.0, 5.4, 6.9, 8.0])
def test_a_point_becomes_a_disc_of_about_that_radius(radius: float) -> None:
    lit = np.asarray(DiscKernel(radius).spread(_point()))[..., 0] > 1e-3
    y, x = np.nonzero(lit)
    far = np.hypot(y - 30, x - 40)
    assert lit.sum() == pytest.approx(np.pi * radius**2, rel=0.25)
    assert far.max() < radius + 1.5
    assert lit[30, 40]
    assert (lit == lit[:, ::-1]).all()
    assert (lit == lit[::-1]).all()


@pytest.mark.parametrize("radius", [2.2, 5.4, 8.0])
def test_nothing_is_left_beyond_the_disc(radius: float) -> None:
    """Not even a rounding error, which would be divided by another one."""
    spread = np.asarray(DiscKernel(radius).spread(_point()))
    y, x = np.indices(spread.shape[:2])
    assert (spread[np.hypot(y - 30, x - 40) > radius + 2] == 0).all()
    assert (spread >= 0).all()
