from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from tests.realtime.fake_clock import FakeClock
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.realtime.renderer import Finished
from vcam.realtime.sender import STALE_SECONDS, Sender
from vcam.realtime.slot import Latest
from vcam.sinks.fake import FakeSink

PLACEHOLDER, PERSON, OTHER = I420(4, 4), I420(4, 4), I420(4, 4)
PLACEHOLDER.data[:], PERSON.data[:], OTHER.data[:] = 0, 255, 99
FPS = 50.0


class Bench:
    """A sender, what lies before it and what comes out of it."""

    def __init__(self, sink: FakeSink | None = None) -> None:
        self.clock = FakeClock()
        self.slot: Latest[Finished] = Latest(self.clock)
        self.back: list[I420] = []
        self.hidden = False
        self.sink = sink or FakeSink()
        self.sender = Sender(
            self.slot, self.back.append, PLACEHOLDER, FPS, lambda: self.hidden, self.clock
        )

    def finish(self, age: float = 0.0, frame: I420 = PERSON, shows_person: bool = True) -> None:
        """Lay a frame into the slot that was captured `age` seconds ago."""
        self.slot.put(Finished(frame, self.clock.time - age, shows_person))

    def send(self, fps_in: float = FPS) -> I420:
        """What is sent next."""
        self.sender.send_next(self.sink, fps_in)
        sent = self.sink.frames[-1]
        return next(
            each for each in (PLACEHOLDER, PERSON, OTHER) if np.array_equal(each.data, sent)
        )


def test_shutter_that_is_closed_during_the_wait_counts_for_that_frame() -> None:
    bench = Bench()

    def finish_and_close() -> None:
        bench.finish()
        bench.hidden = True

    bench.clock.at(bench.clock.time + 0.001, finish_and_close)
    bench.sender._pace.sent(bench.clock.time, new=True)
    assert bench.send() is PLACEHOLDER
    assert bench.back == [PERSON]
    assert not bench.sender.shows_person


def test_frame_that_was_captured_long_ago_is_never_shown() -> None:
    """The computer was suspended, the process stopped, or the segmenter hung."""
    bench = Bench()
    bench.finish(age=100.0)
    assert bench.send() is PLACEHOLDER
    assert bench.back == [PERSON]
    assert not bench.sender.shows_person
    assert bench.sender.fresh == 0


@pytest.mark.parametrize(
    ("age", "seen"), [(0.0, PERSON), (0.99, PERSON), (1.0, PERSON), (1.01, PLACEHOLDER)]
)
def test_frame_is_shown_while_it_is_no_older_than_a_second(age: float, seen: I420) -> None:
    bench = Bench()
    bench.finish(age)
    assert bench.sender.may_show(bench.clock.time - age) == (seen is PERSON)
    assert bench.send() is seen
    assert bench.sender.shows_person == (seen is PERSON)


def test_computer_that_slept_while_a_frame_was_waited_for_shows_the_placeholder() -> None:
    bench = Bench()
    bench.finish()
    assert bench.send() is PERSON
    bench.clock.time += 3600
    assert bench.send() is PLACEHOLDER
    assert bench.back == [PERSON]


def test_last_frame_is_sent_again_for_a_second_and_no_longer() -> None:
    bench = Bench()
    bench.finish()
    start, seen = bench.clock.time, []
    while bench.clock.time < start + 2 * STALE_SECONDS:
        seen.append((bench.send(), bench.clock.time - start))
    assert all((what is PERSON) == (when <= STALE_SECONDS) for what, when in seen)
    assert bench.back == [PERSON]


def test_last_frame_is_sent_again_for_a_whole_second() -> None:
    bench = Bench()
    bench.finish()
    assert bench.send() is PERSON
    for moment, seen in ((1.0, PERSON), (1.001, PLACEHOLDER)):
        bench.clock.time = 1000 + moment
        assert bench.send() is seen


def test_frame_that_comes_too_late_leaves_the_one_that_is_shown() -> None:
    bench = Bench()
    bench.finish()
    assert bench.send() is PERSON
    bench.finish(age=5, frame=OTHER)
    assert bench.send() is PERSON
    assert bench.back == [OTHER]
    assert bench.sender.fresh == 1


def test_only_what_comes_new_sets_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    told: list[bool] = []
    monkeypatch.setattr(bench.sender._pace, "sent", lambda now, new: told.append(new))
    bench.finish()
    bench.send()
    bench.send()
    bench.finish(age=5)
    bench.send()
    bench.sender.send_placeholder(bench.sink)
    assert told == [True, False, True, False]


def test_what_came_before_is_hidden_and_what_comes_later_is_not() -> None:
    bench = Bench()
    bench.finish()
    assert bench.send() is PERSON
    bench.clock.time += 0.01
    bench.sender.hide_earlier()
    assert bench.send() is PLACEHOLDER
    bench.finish(age=bench.clock.time - 1000.0)
    assert bench.send() is PLACEHOLDER
    bench.finish(frame=OTHER)
    assert bench.send() is OTHER
    assert bench.back == [PERSON, PERSON]


def test_what_is_captured_from_that_moment_on_is_shown() -> None:
    bench = Bench()
    bench.sender.hide_earlier()
    bench.finish()
    assert bench.send() is PERSON
    bench.sender.hide_earlier()
    assert bench.clock.time == 1000
    assert bench.send() is PERSON


def test_hiding_waits_for_the_frame_that_is_being_sent() -> None:
    """When it returns, nothing that was captured before is sent any more."""
    hiding: list[threading.Thread] = []

    class SlowSink(FakeSink):
        def send(self, frame: I420) -> None:
            if frame is PERSON:
                hiding.append(threading.Thread(target=bench.sender.hide_earlier))
                hiding[0].start()
                hiding[0].join(0.1)
                assert hiding[0].is_alive(), "it has returned, and the person is sent only now"
            super().send(frame)

    bench = Bench(SlowSink())
    bench.finish(age=0.5)
    assert bench.send() is PERSON
    hiding[0].join(10)
    assert bench.send() is PLACEHOLDER


def test_sink_that_fails_leaves_the_shutter_usable() -> None:
    bench = Bench(FakeSink(fails_after=0))
    bench.finish()
    with pytest.raises(SinkError):
        bench.send()
    bench.sender.hide_earlier()
    with pytest.raises(SinkError):
        bench.sender.send_placeholder(bench.sink)
    bench.sender.hide_earlier()


def test_every_frame_that_is_no_longer_shown_is_given_back_once() -> None:
    bench = Bench()
    for frame in (PERSON, OTHER):
        bench.finish(frame=frame)
        assert bench.send() is frame
    assert bench.back == [PERSON]
    bench.sender.send_placeholder(bench.sink)
    assert bench.back == [PERSON, OTHER]
    assert bench.send() is PLACEHOLDER
    assert bench.back == [PERSON, OTHER]
    assert not bench.sender.shows_person


def test_background_alone_is_no_person() -> None:
    bench = Bench()
    bench.finish(shows_person=False)
    assert bench.send() is PERSON
    assert not bench.sender.shows_person


def test_what_is_sent_is_counted_and_timed() -> None:
    bench = Bench()
    bench.finish(age=0.25)
    bench.send()
    bench.send()
    bench.sender.send_placeholder(bench.sink)
    sender = bench.sender
    assert (sender.sent, sender.fresh) == (3, 1)
    assert sender.latencies.seconds() == [pytest.approx(0.25)]
    assert sender.rate.per_second() > 0


def frames_a_second(bench: Bench, seconds: float, fps_in: float) -> float:
    start, before = bench.clock.time, bench.sender.sent
    while bench.clock.time < start + seconds:
        bench.send(fps_in)
    return (bench.sender.sent - before) / seconds


def feed(bench: Bench, fps: float, then: Callable[[], None] = lambda: None) -> None:
    """A frame for each period from now on."""

    def one() -> None:
        bench.finish()
        then()
        bench.clock.at(bench.clock.time + 1 / fps, one)

    bench.clock.at(bench.clock.time + 1 / fps, one)


@pytest.mark.parametrize("fps_in", [FPS / 10, FPS / 5, 0.97 * FPS, FPS, 1.03 * FPS])
def test_rate_is_kept_whatever_the_source_gives(fps_in: float) -> None:
    bench = Bench()
    feed(bench, fps_in)
    assert frames_a_second(bench, 10.0, fps_in) == pytest.approx(FPS, rel=0.04)
    assert bench.sender.fresh == pytest.approx(10 * fps_in, abs=2)


@pytest.mark.parametrize(("share", "waits"), [(0.95, True), (0.9, False), (0.85, False)])
def test_frame_that_is_a_little_late_is_waited_for_where_the_source_is_fast_enough(
    share: float, waits: bool
) -> None:
    bench = Bench()
    bench.sender._pace.sent(bench.clock.time, new=True)
    bench.clock.at(bench.clock.time + 1.2 / FPS, bench.finish)
    assert (bench.send(share * FPS) is PERSON) == waits


def test_jump_of_the_clock_by_hours_is_not_made_up_for() -> None:
    bench = Bench()
    feed(bench, FPS)
    frames_a_second(bench, 1.0, FPS)
    bench.clock.time += 5 * 3600
    bench.slot.take(0)
    assert frames_a_second(bench, 1.0, FPS) == pytest.approx(FPS, rel=0.1)


def test_a_sink_that_hangs_does_not_hold_up_the_shutter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.realtime.sender._HANGS_SECONDS", 0.01)
    bench = Bench()
    with bench.sender._sending:  # as while the sink has not taken its frame
        bench.sender.hide_earlier()
    assert not bench.sender.may_show(bench.clock.now() - 0.001)
