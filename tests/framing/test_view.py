from __future__ import annotations

import pytest

from vcam.framing.view import WHOLE, View, place_of, view_at


def test_point_is_in_the_middle_unless_the_picture_ends() -> None:
    assert View.around(0.5, 0.4, 0.5) == View(0.25, 0.15000000000000002, 0.5)
    assert View.around(0.0, 1.0, 0.5) == View(0.0, 0.5, 0.5)
    assert View.around(0.3, 0.3, 1.0) == WHOLE
    assert View.around(0.3, 0.3, 1.2) == WHOLE


@pytest.mark.parametrize("zoom", [1.0, 1.01, 1.5, 3.7])
@pytest.mark.parametrize("point", [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (0.31, 0.77)])
def test_resting_view_has_whole_steps_and_stays_inside(
    zoom: float, point: tuple[float, float]
) -> None:
    view = View.around(*point, 1 / zoom).on_grid(640, 360)
    for edge in (view.left * 640, (view.left + view.size) * 640, view.top * 360):
        assert edge == pytest.approx(round(edge), abs=1e-6)
    assert view.left >= 0 <= view.top
    assert view.left + view.size <= 1
    assert view.top + view.size <= 1 + 1e-9
    assert view.size == pytest.approx(1 / zoom, abs=1 / 640)
    assert view.on_grid(640, 360) == view


def test_joined_view_holds_both() -> None:
    both = View(0.1, 0.2, 0.3).joined(View(0.5, 0.3, 0.2))
    assert both.size == pytest.approx(0.6)
    assert both.left == pytest.approx(0.1)
    assert both.top <= 0.2
    assert View(0, 0, 0.6).joined(View(0.4, 0.4, 0.6)) == WHOLE


def test_place_stands_for_its_view() -> None:
    view = view_at(place_of(View(0.1, 0.2, 0.3)))
    assert (view.left, view.top, view.size) == pytest.approx((0.1, 0.2, 0.3))
    assert view_at(place_of(WHOLE)) == WHOLE
