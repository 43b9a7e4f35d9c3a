from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from tests.clips import flat
from tests.realtime.capture_bench import BEGIN, Bench, Camera, Flaky, endless
from tests.realtime.fake_clock import FakeClock
from vcam.images.types import Frame, Image
from vcam.realtime.capture import Capture
from vcam.sources.fake import FakeSource


def test_source_that_keeps_no_time_is_paced() -> None:
    bench = Bench(lambda: FakeSource(endless(), fps=50), 51).run()
    times = [frame.captured - BEGIN for frame in bench.seen]
    assert times == pytest.approx([number / 50 for number in range(51)])
    assert bench.capture.rate.per_second() == pytest.approx(50)


def test_source_of_no_known_rate_and_a_camera_are_read_at_once() -> None:
    for source in (FakeSource(endless(), fps=0), FakeSource(endless(), fps=50, live=True)):
        bench = Bench(lambda source=source: source, 5).run()  # type: ignore[misc]
        assert bench.clock.time == BEGIN


def test_a_stall_of_a_source_that_keeps_no_time_is_not_made_up_for() -> None:
    def stall(frame: Frame) -> None:
        if len(bench.seen) == 3:
            bench.clock.time += 3600

    bench = Bench(lambda: FakeSource(endless(), fps=50), 6, stall)
    bench.run()
    after = [frame.captured - bench.seen[3].captured for frame in bench.seen[3:]]
    assert after == pytest.approx([0, 0.02, 0.04])


def test_only_the_newest_frame_is_handed_over() -> None:
    source = FakeSource([flat(1), flat(2), flat(3)], live=True)
    bench = Bench(lambda: source, 3).run()
    frame = bench.capture.frames.take(0)
    assert frame is not None
    assert frame.image.max() == 3
    assert bench.capture.frames.dropped == 2
    assert source.closed


@pytest.mark.parametrize("gap", [1.01, 100.0])
def test_what_the_driver_kept_while_nobody_read_is_left_out(gap: float) -> None:
    """The process was stopped, or the computer suspended."""
    clock, ages = FakeClock(), list[float]()
    camera = Camera(clock)

    def on_frame(frame: Frame) -> None:
        ages.append(clock.time - camera.captured)
        if len(ages) == 5:
            clock.time += gap

    Bench(lambda: camera, 20, on_frame, clock=clock).run()
    assert max(ages) < 0.2


def read_times(gaps: list[float], fps: float = 10.0, live: bool = True) -> list[int]:
    """Which pictures of a source are handed over that come after such waits."""
    numbers: list[int] = []

    def script() -> Iterator[Image]:
        for number, gap in enumerate(gaps):
            bench.clock.time += gap
            numbers.append(number)
            yield flat(1)
        bench.capture.stop()
        bench.clock.time += 1
        yield flat(1)

    given: list[int] = []
    bench = Bench(
        lambda: FakeSource(script(), fps=fps, live=live),
        10**6,
        lambda frame: given.append(numbers[-1]),
    )
    bench.run()
    return given


def test_five_pictures_after_a_gap_are_left_out_and_none_after_a_shorter_one() -> None:
    assert read_times([0.0, 0.0, 1.5, *[0.0] * 6])[:4] == [0, 1, 7, 8]
    assert read_times([0.0, 0.0, 0.9, *[0.0] * 3])[:6] == [0, 1, 2, 3, 4, 5]


def test_source_that_takes_its_time_to_open_loses_no_picture() -> None:
    assert read_times([5.0, 0.0, 0.0])[:3] == [0, 1, 2]
    assert read_times([10.1, *[0.0] * 6])[:2] == [5, 6]


def test_source_slower_than_a_picture_a_second_is_shown_all_the_same() -> None:
    assert read_times([2.0, 2.0, 2.0, 2.0], fps=0.5)[:4] == [0, 1, 2, 3]
    assert read_times([2.0, 2.0, 2.0], fps=10.0)[:1] == [0]
    assert read_times([0.0, 1.5, 0.0, 0.0], fps=0.0) == [0]


@pytest.mark.parametrize("fps", [0.0, 10.0])
def test_source_that_turns_out_to_be_slow_is_shown_after_five_pictures(fps: float) -> None:
    for wait in (1.1, 1.5, 4.0, 12.0):
        assert read_times([0.0, *[wait] * 9], fps=fps)[:5] == [0, 6, 7, 8, 9]
    assert read_times([0.0, *[1.2, 2.0] * 5], fps=fps)[:5] == [0, 6, 7, 8, 9]


@pytest.mark.parametrize("suspended", [5.0, 100.0])
def test_what_was_kept_of_a_slow_source_is_left_out_too(suspended: float) -> None:
    clock, ages = FakeClock(), list[float]()
    camera = Camera(clock, step=1.5, fps=0.0)

    def on_frame(frame: Frame) -> None:
        ages.append(clock.time - camera.captured)
        if len(ages) in (5, 20):
            clock.time += suspended

    Bench(lambda: camera, 30, on_frame, clock=clock).run()
    assert max(ages) < 1.5


def test_source_that_is_slow_no_longer_is_watched_as_before() -> None:
    waits = [0.0, *[1.5] * 7, *[0.1] * 5, 1.2, *[0.0] * 5]
    given = read_times(waits, fps=0.0)
    assert set(range(13)) - set(given) == {1, 2, 3, 4, 5}
    assert not set(given) & {13, 14, 15, 16, 17}


def test_file_has_no_backlog() -> None:
    assert read_times([0.0, 5.0, 0.0], live=False)[:3] == [0, 1, 2]


@pytest.mark.parametrize("moment", ["before", "opening", "reading"])
def test_stop_is_heeded_whenever_it_comes(moment: str) -> None:
    source = FakeSource(endless(), live=True)

    def open_source() -> FakeSource:
        if moment == "opening":
            bench.capture.stop()
        return source

    bench = Bench(open_source, 1 if moment == "reading" else 5)
    if moment == "before":
        bench.capture.stop()
    bench.run()
    assert len(bench.seen) == (moment == "reading")
    assert source.closed == (moment != "before")


def test_stop_is_heeded_while_a_lost_source_is_waited_for() -> None:
    source = Flaky(set(range(100)))
    bench = Bench(source, 1, awaited=True, clock=source.clock)
    source.clock.at(BEGIN + 0.5, bench.capture.stop)
    bench.run()
    assert source.clock.time == BEGIN + 0.5


def test_thread_that_waits_is_told_of_what_is_wanted() -> None:
    capture = Capture(lambda: FakeSource(endless(), live=True), held=True)
    capture.start()
    assert capture.frames.take(0.05) is None
    capture.hold(False)
    assert capture.frames.take(600) is not None
    capture.stop()
    assert capture.join(60)


def test_source_is_neither_held_nor_awaited_unless_that_is_asked_for() -> None:
    capture = Capture(Flaky({0}), clock=FakeClock())
    capture._run()
    assert str(capture.refused) == "try 0 failed"


def test_thread_runs_and_ends_and_one_that_never_began_has_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    release = threading.Event()

    def hanging() -> Iterator[Image]:
        yield flat(1)
        release.wait()
        yield flat(1)

    capture = Capture(lambda: FakeSource(hanging(), live=True))
    assert capture.join(0)
    capture.start()
    assert capture.frames.take(60) is not None
    capture.stop()
    assert not capture.join(0.01)
    release.set()
    assert capture.join(60)
    assert "source: a fake source" in caplog.text
