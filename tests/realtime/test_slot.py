from __future__ import annotations

import threading

from tests.realtime.fake_clock import FakeClock
from vcam.realtime.slot import Latest

FOR_EVER = 600.0
"""Seconds, far beyond any test's limit."""


def test_newest_wins_and_the_replaced_item_is_given_back() -> None:
    slot: Latest[int] = Latest()
    assert slot.put(1) is None
    assert slot.dropped == 0
    assert slot.put(2) == 1
    assert slot.dropped == 1
    assert slot.take(0) == 2
    assert slot.take(0) is None
    assert slot.dropped == 1


def test_waiting_taker_can_be_sent_away() -> None:
    slot: Latest[str] = Latest()
    threading.Timer(0.01, slot.wake).start()
    assert slot.take(FOR_EVER) is None


def test_waiting_taker_is_woken() -> None:
    slot: Latest[str] = Latest()
    threading.Timer(0.01, slot.put, ("frame",)).start()
    assert slot.take(FOR_EVER) == "frame"


def test_being_sent_away_counts_once_whenever_it_comes() -> None:
    clock = FakeClock()
    slot: Latest[str] = Latest(clock)
    slot.wake()
    assert slot.take(5) is None
    assert clock.time == 1000
    assert slot.take(5) is None
    assert clock.time == 1005


def test_what_is_there_is_taken_without_waiting() -> None:
    clock = FakeClock()
    slot: Latest[str] = Latest(clock)
    slot.put("frame")
    slot.wake()
    assert slot.take(5) == "frame"
    assert slot.take(5) is None
    assert clock.time == 1005
