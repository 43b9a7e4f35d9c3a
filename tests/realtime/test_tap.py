from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.realtime.fake_clock import FakeClock
from vcam.backgrounds.still import Still
from vcam.images.types import I420, Image
from vcam.pipeline.rendered import Layers
from vcam.realtime import tap as tap_module
from vcam.realtime.tap import PARTS, Look, Tap, placeholder_look, small_size

W, H = 64, 36
ROOM: Image = np.full((H, W, 3), (255, 0, 255), np.uint8)
OUT = I420.from_bgr(ROOM)


def layers(width: int = W, height: int = H) -> Layers:
    image = np.full((height, width, 3), 200, np.uint8)
    mask = np.full((9, 16), 0.5, np.float32)
    return Layers(image, mask, np.full((height, width), 99, np.uint8), I420.from_bgr(image))


def looked_at(*parts: str, clock: FakeClock | None = None) -> Tap:
    tap = Tap(clock or FakeClock())
    tap.newest(parts or PARTS, 0, 0.0)
    return tap


def test_nothing_is_copied_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("copied")

    monkeypatch.setattr(tap_module, "_copies", refuse)
    tap = Tap()
    tap.offer(1.0, layers(), OUT)
    assert not tap.is_watched


def test_who_looks_gets_copies_of_all_that_was_asked_for() -> None:
    tap, made_of, out = looked_at(), layers(), I420.from_bgr(ROOM)
    tap.offer(1.0, made_of, out)
    look = tap.newest(PARTS, 0, 0.0)
    assert look.captured == 1.0
    assert look.seen is not None
    assert look.behind is not None
    for copy, source in (
        (look.seen.data, out.data),
        (look.behind.data, made_of.behind.data if made_of.behind else None),
        (look.room, made_of.image),
        (look.alpha, made_of.alpha),
    ):
        assert copy is not None
        assert source is not None
        assert np.array_equal(copy, source)
        assert not np.shares_memory(copy, source)
    assert look.mask is not None
    assert set(np.unique(look.mask)) == {128}


def test_only_what_is_asked_for_is_copied() -> None:
    tap = looked_at("seen")
    tap.offer(1.0, layers(), OUT)
    look = tap.newest(["seen"], 0, 0.0)
    assert look.seen is not None
    assert (look.room, look.alpha, look.mask, look.behind) == (None, None, None, None)


def test_parts_that_a_frame_has_not_got_are_none_and_the_rest_is_copied() -> None:
    tap = looked_at()
    tap.offer(1.0, Layers(ROOM), OUT)
    look = tap.newest(PARTS, 0, 0.0)
    assert look.seen is not None
    assert look.room is not None
    assert (look.alpha, look.mask, look.behind) == (None, None, None)


def test_a_part_that_no_look_has_yet_is_waited_for() -> None:
    tap = looked_at("seen")
    tap.offer(1.0, layers(), OUT)
    assert tap.newest(["room"], 0, 0.0).captured == 0
    tap._clock.sleep(1)
    tap.offer(2.0, layers(), OUT)
    assert tap.newest(["room"], 0, 0.0).room is not None


def test_large_pictures_are_halved() -> None:
    assert small_size(1920, 1080) == (960, 540)
    assert small_size(1280, 720) == (640, 360)
    assert small_size(960, 540) == (960, 540)
    assert small_size(962, 1) == (481, 1)
    assert small_size(4000, 3) == (500, 1)
    tap = looked_at()
    tap.offer(1.0, layers(1366, 768), I420(1366, 768))
    look = tap.newest(PARTS, 0, 0.0)
    assert look.seen is not None
    assert (look.seen.width, look.seen.height) == (683, 384)
    assert look.alpha is not None
    assert look.alpha.shape == (384, 683)


def test_frame_without_layers_shows_no_room() -> None:
    tap = looked_at()
    tap.offer(1.0, None, OUT)
    look = tap.newest(PARTS, 0, 0.0)
    assert look.seen is not None
    assert look.room is None


def test_looks_come_at_the_viewers_pace() -> None:
    clock = FakeClock()
    tap = looked_at(clock=clock)
    taken = []
    for milliseconds in (0, 59, 60, 119, 120, 121):
        clock.time = 1000 + milliseconds / 1000
        tap.offer(1.0 + milliseconds, layers(), OUT)
        taken.append(tap._newest.captured - 1)
    assert taken == [0, 0, 60, 60, 120, 120]
    assert tap._newest.number == 3


def test_a_newer_look_is_waited_for() -> None:
    clock = FakeClock()
    tap = looked_at(clock=clock)
    tap.offer(1.0, layers(), OUT)
    known = tap.newest(PARTS, 0, 5.0)
    assert clock.time == 1000, "it is new to who knows none"
    clock.at(1000.5, lambda: tap.offer(2.0, layers(), OUT))
    assert tap.newest(PARTS, known.number, 5.0).captured == 2.0
    assert clock.time == 1000.5
    assert tap.newest(PARTS, known.number + 1, 5.0).captured == 2.0
    assert clock.time == 1005.5


def test_there_is_no_look_with_parts_that_nobody_asked_for_in_time() -> None:
    clock = FakeClock()
    tap = looked_at("seen", clock=clock)
    tap.offer(1.0, layers(), OUT)
    assert tap.newest(["room"], 7, 0.25) == Look(7)
    assert clock.time == 1000.25


@pytest.mark.parametrize(("after", "looks"), [(1.99, True), (2.0, False)])
def test_who_has_looked_counts_as_looking_on_for_two_seconds(after: float, looks: bool) -> None:
    clock = FakeClock()
    assert not Tap(clock).is_watched
    tap = looked_at(clock=clock)
    tap.offer(1.0, layers(), OUT)
    clock.time += after
    assert tap.is_watched == looks
    tap.offer(2.0, layers(), OUT)
    assert tap._newest.captured == (2.0 if looks else 0.0)
    assert (tap._newest.room is not None) == looks


def test_each_part_is_copied_for_as_long_as_it_is_asked_for() -> None:
    clock = FakeClock()
    tap = looked_at("seen", "room", clock=clock)
    clock.time += 1.5
    tap.newest(["seen", "nonsense"], 0, 0.0)
    clock.time += 0.5
    tap.offer(1.0, layers(), OUT)
    look = tap.newest(["seen"], 0, 0.0)
    assert look.seen is not None
    assert look.room is None
    assert tap.newest(["room"], 0, 0.0) == Look(0)


def test_what_was_seen_is_dropped_once_when_nobody_looks_any_more() -> None:
    clock = FakeClock()
    tap = looked_at(clock=clock)
    tap.offer(1.0, layers(), OUT)
    clock.time += 3
    for _ in range(3):
        tap.offer(2.0, layers(), OUT)
    assert tap._newest == Look(2)


def test_forgetting_drops_the_look_and_tells_who_waits() -> None:
    tap = Tap()
    tap.newest(PARTS, 0, 0.0)
    tap.offer(1.0, layers(), OUT)
    known = tap.newest(PARTS, 0, 0.0).number
    got: list[Look] = []
    threading.Timer(0.01, tap.forget).start()
    got.append(tap.newest(PARTS, known, 600.0))
    assert got[0] == Look(known + 1)


def test_who_waits_is_told_of_a_newer_look() -> None:
    tap = Tap()
    tap.newest(PARTS, 0, 0.0)
    threading.Timer(0.01, tap.offer, (1.0, layers(), OUT)).start()
    assert tap.newest(PARTS, 0, 600.0).captured == 1.0


def test_whoever_asks_for_nothing_is_told_that_it_is_forgotten() -> None:
    tap = looked_at("seen")
    tap.offer(1.0, layers(), OUT)
    tap.forget()
    assert tap.newest(PARTS, 0, 0.0) == Look(2)


def test_fault_of_the_tap_costs_no_frame(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise MemoryError("no room")

    tap = looked_at()
    tap.offer(1.0, layers(), OUT)
    monkeypatch.setattr(tap_module, "_copies", fail)
    tap._clock.sleep(1)
    tap.offer(2.0, layers(), OUT)
    assert "preview" in caplog.text
    assert tap._newest.captured == 1.0


def test_placeholder_look_shows_the_placeholder_alone() -> None:
    cover = Still.plain(1280, 720, (0, 177, 64)).cover(0.0)
    look = placeholder_look(7, cover)
    assert look.number == 7
    assert look.seen is not None
    assert np.array_equal(np.unique(look.seen.y), np.unique(cover.y))
    assert (look.room, look.alpha, look.mask, look.behind) == (None, None, None, None)
