from __future__ import annotations

import sys
import threading
import time

import pytest

from vcam.realtime import clock


def test_time_goes_on_while_the_computer_sleeps() -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere it is another clock")
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= clock.seconds() <= time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= clock.CLOCK.now() <= time.clock_gettime(time.CLOCK_BOOTTIME)


def test_without_such_a_clock_it_is_the_monotonic_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int) -> float:
        raise OSError("no such clock")

    monkeypatch.setattr(time, "clock_gettime", refuse, raising=False)
    monkeypatch.setattr(clock, "_NUMBER", clock._number())
    before = time.monotonic()
    assert before <= clock.seconds() <= time.monotonic()


def test_waiting_ends_when_it_is_so_or_time_is_up() -> None:
    changed, so = threading.Condition(), list[int]()

    def happen() -> None:
        with changed:
            so.append(1)
            changed.notify_all()

    with changed:
        assert not clock.CLOCK.wait(changed, lambda: bool(so), 0.0)
        threading.Thread(target=happen).start()
        assert clock.CLOCK.wait(changed, lambda: bool(so), None)
