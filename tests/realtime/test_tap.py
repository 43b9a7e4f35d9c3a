from __future__ import annotations

import threading
import time

import numpy as np
import pytest

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


@pytest.fixture(autouse=True)
def _every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tap_module, "_PERIOD", 0.0)


def looked_at(*parts: str) -> Tap:
    tap = Tap()
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
    assert look.room is None
    assert look.alpha is None


def test_a_part_that_no_look_has_yet_is_waited_for() -> None:
    tap = looked_at("seen")
    tap.offer(1.0, layers(), OUT)
    assert tap.newest(["room"], 0, 0.0).captured == 0
    tap.offer(2.0, layers(), OUT)
    assert tap.newest(["room"], 0, 0.0).room is not None


def test_large_pictures_are_halved() -> None:
    assert small_size(1920, 1080) == (960, 540)
    assert small_size(1280, 720) == (640, 360)
    assert small_size(960, 540) == (960, 540)
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


def test_looks_come_at_the_viewers_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tap_module, "_PERIOD", 60.0)
    tap = looked_at()
    tap.offer(1.0, layers(), OUT)
    tap.offer(2.0, layers(), OUT)
    assert tap.newest(PARTS, 0, 0.0).captured == 1.0


def test_forgetting_drops_the_look_and_tells_who_waits() -> None:
    tap = looked_at()
    tap.offer(1.0, layers(), OUT)
    known = tap.newest(PARTS, 0, 0.0).number
    got: list[Look] = []
    waiter = threading.Thread(target=lambda: got.append(tap.newest(PARTS, known, 20.0)))
    waiter.start()
    time.sleep(0.05)
    tap.forget()
    waiter.join(5)
    assert not waiter.is_alive()
    assert got[0] == Look(got[0].number)
    assert got[0].number > known


def test_nothing_is_kept_once_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tap_module, "_LEASE", 0.05)
    tap = looked_at()
    tap.offer(1.0, layers(), OUT)
    time.sleep(0.1)
    tap.offer(2.0, layers(), OUT)
    assert tap._newest.room is None
    assert not tap.is_watched


def test_fault_of_the_tap_costs_no_frame(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(tap_module, "_copies", fail)
    looked_at().offer(1.0, layers(), OUT)
    assert "preview" in caplog.text


def test_placeholder_look_shows_the_placeholder_alone() -> None:
    cover = Still.plain(1280, 720, (0, 177, 64)).cover(0.0)
    look = placeholder_look(7, cover)
    assert look.number == 7
    assert look.seen is not None
    assert np.array_equal(np.unique(look.seen.y), np.unique(cover.y))
    assert (look.room, look.alpha, look.mask, look.behind) == (None, None, None, None)
