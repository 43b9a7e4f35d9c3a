from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.clips import flat
from tests.realtime.fake_clock import FakeClock
from vcam.errors import SourceError
from vcam.images.types import Frame, Image
from vcam.realtime.capture import Capture
from vcam.sources.fake import FakeSource

BEGIN = FakeClock().time


def endless() -> Iterator[Image]:
    while True:
        yield flat(1)


class Camera(FakeSource):
    """Captures a picture at each step into one of four buffers, where one is free."""

    def __init__(self, clock: FakeClock, step: float = 0.1, fps: float = 10.0) -> None:
        super().__init__(iter(()), fps=fps, live=True)
        self._clock, self._next, self._step = clock, clock.time, step
        self._buffers: list[float] = []
        self.captured = clock.time

    def read(self) -> Image | None:
        if not self._buffers:
            self._clock.time = max(self._clock.time, self._next)
        while self._next <= self._clock.time:
            if len(self._buffers) < 4:
                self._buffers.append(self._next)
            self._next += self._step
        self.captured = self._buffers.pop(0)
        return flat(1)


class Bench:
    """A capture that runs in the test's own thread until its frames are told of often enough."""

    def __init__(
        self,
        open_source: Callable[[], FakeSource],
        frames: int,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        held: bool = False,
        awaited: bool = False,
        check: Callable[[], None] = lambda: None,
        clock: FakeClock | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.others: list[float] = []
        self.seen: list[Frame] = []
        self.capture = Capture(open_source, held, self._note_other, awaited, check, self.clock)
        put = self.capture.frames.put

        def seen(frame: Frame) -> Frame | None:
            self.seen.append(frame)
            on_frame(frame)
            if len(self.seen) >= frames:
                self.capture.stop()
            return put(frame)

        self.capture.frames.put = seen  # type: ignore[method-assign,assignment]

    def _note_other(self) -> None:
        self.others.append(self.clock.time)

    def run(self) -> Bench:
        self.capture._run()
        return self


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


def test_source_that_fails_before_its_first_frame_is_refused_too() -> None:
    source = FakeSource([SourceError("gives no frames")])
    bench = Bench(lambda: source, 1).run()
    assert str(bench.capture.refused) == "gives no frames"
    assert source.closed


@pytest.mark.parametrize("error", [SourceError("no camera"), RuntimeError("unforeseen")])
def test_source_refused_at_first_is_told_and_not_tried_again(error: Exception) -> None:
    tries: list[int] = []

    def refuse() -> FakeSource:
        tries.append(1)
        raise error

    bench = Bench(refuse, 1).run()
    assert isinstance(bench.capture.refused, SourceError)
    assert str(error) in str(bench.capture.refused)
    assert len(tries) == 1


class Flaky:
    """A source that cannot be opened at these tries, and is lost after `frames` frames."""

    def __init__(self, fails: set[int], frames: int = 3, clock: FakeClock | None = None) -> None:
        self._fails, self._frames, self.clock = fails, frames, clock or FakeClock()
        self.tries: list[float] = []
        self.opened: list[FakeSource] = []

    def __call__(self) -> FakeSource:
        number = len(self.tries)
        self.tries.append(round(self.clock.time - BEGIN, 6))
        if number in self._fails:
            raise SourceError(f"try {number} failed")
        self.opened.append(FakeSource([flat(1)] * self._frames, live=True))
        return self.opened[-1]


def test_camera_that_is_not_there_at_the_start_is_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Flaky({0, 1, 2})
    bench = Bench(source, 3, awaited=True, clock=source.clock)
    states: list[str] = []
    source.clock.at(BEGIN + 0.5, lambda: states.append(bench.capture.lost))
    bench.run()
    assert source.tries == pytest.approx([0, 0.1, 1.1, 2.1])
    assert states == ["try 1 failed"]
    assert bench.capture.lost == ""
    assert bench.capture.refused is None
    assert "try 0 failed; trying again every 1 s" in caplog.text


def test_lost_source_is_closed_told_of_once_and_opened_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Flaky({1, 2}, frames=2)
    bench = Bench(source, 4, clock=source.clock).run()
    assert [each.closed for each in source.opened] == [True, True]
    assert source.tries == pytest.approx([0, 0.1, 1.1, 2.1])
    assert bench.capture.lost == ""
    told = [record.message for record in caplog.records if "trying again" in record.message]
    assert [each.split(";")[0] for each in told] == [
        "a fake source has ended",
        "try 1 failed",
        "try 2 failed",
    ]


def test_same_loss_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    clock, tries = FakeClock(), list[int]()

    def refuse() -> FakeSource:
        tries.append(1)
        if len(tries) == 4:
            bench.capture.stop()
        raise SourceError("no camera")

    bench = Bench(refuse, 1, awaited=True, clock=clock)
    bench.run()
    assert caplog.text.count("no camera") == 1
    assert bench.capture.lost == "no camera"


def test_unforeseen_fault_of_a_source_is_a_loss(caplog: pytest.LogCaptureFixture) -> None:
    sources = [FakeSource([flat(1), RuntimeError("unforeseen")]), FakeSource(endless())]
    opened = iter(sources)
    bench = Bench(lambda: next(opened), 3).run()
    assert len(bench.seen) == 3
    assert [source.closed for source in sources] == [True, True]
    assert "unforeseen" in caplog.text


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


def test_missing_source_is_told_of_while_it_is_held_and_looked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, looks, told = FakeClock(), list[float](), list[str]()

    def check() -> None:
        looks.append(clock.time - BEGIN)
        if len(looks) <= 3:
            raise SourceError("no camera is plugged in")

    source = Flaky(set(), clock=clock)
    bench = Bench(source, 1, held=True, check=check, clock=clock)
    clock.at(BEGIN + 0.5, lambda: told.append(bench.capture.lost))
    clock.at(BEGIN + 10, lambda: told.append(bench.capture.lost))
    clock.at(BEGIN + 10, bench.capture.stop)
    bench.run()
    assert looks == pytest.approx([0, 1, 2, 3])
    assert told == ["no camera is plugged in", ""]
    assert caplog.text.count("no camera is plugged in; looking again every 1 s") == 1
    assert not source.tries


def test_unforeseen_fault_of_the_look_for_a_held_source_is_told_and_it_is_looked_for_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, looks, told = FakeClock(), list[float](), list[str]()

    def check() -> None:
        looks.append(clock.time - BEGIN)
        if len(looks) <= 3:
            raise PermissionError(13, "unforeseen")

    source = Flaky(set(), clock=clock)
    bench = Bench(source, 1, held=True, check=check, clock=clock)
    clock.at(BEGIN + 0.5, lambda: told.append(bench.capture.lost))
    clock.at(BEGIN + 10, lambda: told.append(bench.capture.lost))
    clock.at(BEGIN + 10, lambda: bench.capture.hold(False))
    bench.run()
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
