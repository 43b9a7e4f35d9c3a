from __future__ import annotations

import threading

from vcam.realtime.slot import Latest


def test_newest_wins_and_the_replaced_item_is_given_back() -> None:
    slot: Latest[int] = Latest()
    assert slot.put(1) is None
    assert slot.put(2) == 1
    assert slot.take(0) == 2
    assert slot.take(0) is None
    assert slot.dropped == 1


def test_waiting_taker_can_be_sent_away() -> None:
    slot: Latest[str] = Latest()
    threading.Timer(0.01, slot.wake).start()
    assert slot.take(5) is None


def test_waiting_taker_is_woken() -> None:
    slot: Latest[str] = Latest()
    threading.Thread(target=slot.put, args=("frame",)).start()
    assert slot.take(5) == "frame"
