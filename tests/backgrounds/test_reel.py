from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.backgrounds.films import SMALL, FakeFootage, level
from vcam.backgrounds.footage import Footage
from vcam.backgrounds.reel import Reel
from vcam.errors import BackgroundError


class _Projector:
    """Opens the same pictures over and over, or fails while `gone`."""

    def __init__(self, *levels: int | None) -> None:
        self._levels = levels
        self.opened: list[FakeFootage] = []
        self.gone = False

    def __call__(self) -> Footage:
        if self.gone:
            raise BackgroundError("it has vanished")
        self.opened.append(FakeFootage(self._levels))
        return self.opened[-1]

    @property
    def decoded(self) -> int:
        return sum(footage.decoded for footage in self.opened)


def _reel(projector: _Projector) -> Reel:
    return Reel(projector, SMALL, "beach.mp4")


def _fill(reel: Reel) -> None:
    while reel.fill():
        pass


def _shown(reel: Reel, times: Iterator[float] | list[float]) -> list[int]:
    """What is shown at those times by a decoder that is never late."""
    found = []
    for time in times:
        _fill(reel)
        found.append(level(reel.at(time)))
    return found


def test_pictures_change_at_their_own_times() -> None:
    reel = _reel(_Projector(40, 80, 120))
    times = [0.0, 0.05, 0.0999, 0.1001, 0.19, 0.201, 0.29]
    assert _shown(reel, times) == [40, 40, 40, 80, 80, 120, 120]


def test_it_goes_on_without_a_gap_at_the_end() -> None:
    projector = _Projector(40, 80, 120)
    times = [index / 10 + 0.01 for index in range(10)]
    assert _shown(_reel(projector), times) == [40, 80, 120] * 3 + [40]
    assert all(footage.closed for footage in projector.opened[:-1])


def test_a_camera_slower_than_the_video_sees_every_other_picture() -> None:
    reel = _reel(_Projector(10, 20, 30, 40, 50, 60))
    assert _shown(reel, [0.0, 0.21, 0.41, 0.61]) == [10, 30, 50, 10]


def test_pictures_that_nobody_would_see_are_not_decoded() -> None:
    projector = _Projector(*range(0, 250, 10))
    _shown(_reel(projector), [index * 0.2 for index in range(100)])
    assert projector.decoded == pytest.approx(100, abs=20)  # of 200


def test_all_pictures_are_decoded_for_a_camera_as_fast_as_the_video() -> None:
    projector = _Projector(*range(0, 250, 10))
    _shown(_reel(projector), [index * 0.1 for index in range(101)])
    assert projector.decoded >= 100


def test_only_a_few_pictures_are_decoded_ahead() -> None:
    projector = _Projector(*range(0, 250, 10))
    reel = _reel(projector)
    _fill(reel)
    assert projector.decoded <= 5
    for _ in range(20):
        reel.at(0.0)
        _fill(reel)
    assert projector.decoded <= 5


def test_frames_are_allocated_once() -> None:
    reel = _reel(_Projector(40, 80, 120))
    buffers = set()
    for index in range(40):
        _fill(reel)
        buffers.add(id(reel.at(index / 10).data))
    assert len(buffers) <= 4


def test_what_is_shown_is_not_written_to_until_the_next_call() -> None:
    reel = _reel(_Projector(40, 80, 120, 160, 200))
    shown = reel.at(0.0)
    before = shown.data.copy()
    _fill(reel)
    np.testing.assert_array_equal(shown.data, before)


def test_a_late_decoder_slows_it_down_and_is_not_chased() -> None:
    projector = _Projector(10, 20, 30, 40, 50, 60, 70, 80)
    reel = _reel(projector)
    assert level(reel.at(0.05)) == 10
    assert level(reel.at(10.0)) == 10  # nothing was decoded for ten seconds
    _fill(reel)
    first = level(reel.at(10.01))
    assert first <= 40
    assert _shown(reel, [10.11, 10.21]) == [first + 10, first + 20]


def test_a_decoder_that_is_late_leaves_pictures_out() -> None:
    projector = _Projector(10, 20, 30, 40, 50, 60, 70, 80)
    reel = _reel(projector)
    reel.at(0.2)
    _fill(reel)
    assert projector.decoded < 5
    assert level(reel.at(0.25)) == 30


def test_one_picture_is_decoded_once() -> None:
    projector = _Projector(90)
    reel = _reel(projector)
    assert _shown(reel, [0.0, 0.5, 1.0, 60.0]) == [90] * 4
    assert projector.decoded == 1


def test_pictures_that_cannot_be_decoded_are_left_out() -> None:
    reel = _reel(_Projector(None, 40, None, 80))
    assert _shown(reel, [0.0, 0.11, 0.21, 0.31, 0.51]) == [40, 40, 40, 80, 40]


def test_a_file_that_vanishes_leaves_the_last_picture_until_it_is_back() -> None:
    projector = _Projector(40, 80)
    reel = _reel(projector)
    projector.gone = True
    times = [0.0, 0.11, 0.21, 0.6, 1.0]
    assert _shown(reel, times) == [40, 80, 80, 80, 80]
    assert "vanished" in reel.problem
    projector.gone = False
    _shown(reel, [1.1, 3.0])
    assert set(_shown(reel, [3.01 + index / 10 for index in range(8)])) == {40, 80}
    assert reel.problem == ""


def test_a_vanished_file_is_not_looked_for_at_every_frame() -> None:
    projector = _Projector(40, 80)
    reel = _reel(projector)
    tries = []
    projector.gone = True

    def look() -> Footage:
        tries.append(1)
        return projector()

    reel._open = look
    _shown(reel, [index / 30 for index in range(90)])
    assert 1 <= len(tries) <= 2


def test_a_file_without_a_picture_is_refused() -> None:
    for nothing in (_Projector(), _Projector(None, None)):
        with pytest.raises(BackgroundError, match=r"beach\.mp4.* no picture"):
            _reel(nothing)


def test_a_short_delay_after_a_long_one_is_not_caught_up() -> None:
    reel = _reel(_Projector(10, 20, 30, 40, 50, 60, 70, 80, 90))
    reel.at(0.05)
    reel.at(10.0)
    _fill(reel)
    assert level(reel.at(10.15)) == 50  # the last one that is ready
    _fill(reel)
    assert level(reel.at(10.16)) == 50
