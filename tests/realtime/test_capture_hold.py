from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.clips import flat
from tests.realtime.capture_bench import BEGIN, Bench, Flaky, endless
from tests.realtime.fake_clock import FakeClock
from vcam.errors import SourceError
from vcam.images.types import Frame
from vcam.realtime.capture import Capture
from vcam.sources.fake import FakeSource


def test_held_source_is_not_opened_until_it_is_wanted_and_closed_when_it_is_not() -> None:
    source = Flaky(set(), frames=10**6)
    held_again: list[bool] = []

    def on_frame(frame: Frame) -> None:
        if len(bench.seen) == 3:
            bench.capture.hold(True)
            held_again.append(bench.capture.has_begun)
            source.clock.at(source.clock.time + 60, lambda: bench.capture.hold(False))

    bench = Bench(source, 5, on_frame, held=True, clock=source.clock)
    source.clock.at(BEGIN + 7, lambda: bench.capture.hold(False))
    bench.run()
    assert source.tries == pytest.approx([7, 67])
    assert held_again == [False]
    assert source.opened[0].closed
    assert bench.capture.refused is None


def test_holding_twice_changes_nothing() -> None:
    source = Flaky(set(), frames=10**6)

    def on_frame(frame: Frame) -> None:
        bench.capture.hold(False)

    bench = Bench(source, 5, on_frame, clock=source.clock)
    bench.run()
    assert len(source.tries) == 1
    assert bench.capture.has_begun


def test_source_that_was_held_once_need_not_succeed() -> None:
    source = Flaky({0, 1})
    bench = Bench(source, 1, held=True, clock=source.clock)
    source.clock.at(BEGIN + 1, lambda: bench.capture.hold(False))
    bench.run()
    assert bench.capture.refused is None
    assert len(source.tries) == 3


def looked_for(
    refusal: Exception, at_the_end: Callable[[Capture], None]
) -> tuple[list[float], list[str], Flaky]:
    """When a held source was looked for, what was told at .5 and 10 s, and the source.

    Args:
        refusal: Of the first three looks.
        at_the_end: What is done after 10 s.
    """
    clock, looks, told = FakeClock(), list[float](), list[str]()

    def check() -> None:
        looks.append(clock.time - BEGIN)
        if len(looks) <= 3:
            raise refusal

    source = Flaky(set(), clock=clock)
    bench = Bench(source, 1, held=True, check=check, clock=clock)
    clock.at(BEGIN + 0.5, lambda: told.append(bench.capture.lost))
    clock.at(BEGIN + 10, lambda: told.append(bench.capture.lost))
    clock.at(BEGIN + 10, lambda: at_the_end(bench.capture))
    bench.run()
    return looks, told, source


def test_missing_source_is_told_of_while_it_is_held_and_looked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks, told, source = looked_for(SourceError("no camera is plugged in"), Capture.stop)
    assert looks == pytest.approx([0, 1, 2, 3])
    assert told == ["no camera is plugged in", ""]
    assert caplog.text.count("no camera is plugged in; looking again every 1 s") == 1
    assert not source.tries


def test_unforeseen_fault_of_the_look_for_a_held_source_is_told_and_it_is_looked_for_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusal = PermissionError(13, "unforeseen")
    looks, told, source = looked_for(refusal, lambda capture: capture.hold(False))
    assert looks == pytest.approx([0, 1, 2, 3])
    assert "unforeseen" in told[0]
    assert told[1] == ""
    assert source.tries == [10]
    assert [bool(each.exc_info) for each in caplog.records if "looking" in each.message] == [True]


def test_missing_source_that_is_held_is_told_of_before_the_thread_runs() -> None:
    looks: list[int] = []

    def check() -> None:
        looks.append(1)
        raise SourceError("no camera is plugged in")

    for held in (True, False):
        capture = Capture(Flaky(set()), held=held, check=check, clock=FakeClock())
        assert (capture.lost, capture.description, capture.has_begun) == ("", "", False)
        capture._thread = threading.Thread(target=lambda: None)
        capture.start()
        assert capture.lost == ("no camera is plugged in" if held else "")
        assert capture.join(60)
    assert len(looks) == 1


def test_another_source_is_told_before_its_first_frame_and_the_same_one_is_not() -> None:
    def first() -> FakeSource:
        return FakeSource([flat(1), SourceError("lost")], live=True)

    def second() -> FakeSource:
        return FakeSource([flat(2), SourceError("lost")], live=True)

    def on_frame(frame: Frame) -> None:
        levels.append((int(frame.image.max()), len(bench.others)))
        if len(levels) == 2:
            bench.capture.replace(second)

    levels: list[tuple[int, int]] = []
    bench = Bench(first, 4, on_frame)
    bench.run()
    assert levels == [(1, 0), (1, 0), (2, 1), (2, 1)]


def test_source_that_describes_itself_differently_is_another() -> None:
    names = iter(["one camera", "one camera", "another"])

    def open_source() -> FakeSource:
        source = FakeSource([flat(1)], live=True)
        source.description = next(names)
        return source

    bench = Bench(open_source, 3).run()
    assert len(bench.others) == 1
    assert bench.capture.description == "another"


def test_replacing_the_source_opens_the_new_one_once() -> None:
    opened: list[str] = []

    def source(name: str) -> Callable[[], FakeSource]:
        def open_source() -> FakeSource:
            opened.append(name)
            return FakeSource(endless(), live=True)

        return open_source

    second = source("second")

    def on_frame(frame: Frame) -> None:
        if len(bench.seen) == 2:
            bench.capture.replace(source("never"))
            bench.capture.replace(second)

    bench = Bench(source("first"), 5, on_frame)
    bench.run()
    assert opened == ["first", "second"]


def test_replacement_that_comes_while_the_source_opens_lets_no_frame_of_it_through() -> None:
    def first() -> FakeSource:
        bench.capture.replace(second)
        return FakeSource([flat(1)] * 9, live=True)

    def second() -> FakeSource:
        return FakeSource([flat(2)] * 9, live=True)

    bench = Bench(first, 1)
    bench.run()
    assert [frame.image.max() for frame in bench.seen] == [2]
