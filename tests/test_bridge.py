from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
import pytest

from vcam.backgrounds.color import ColorBackground
from vcam.bridge import Bridge
from vcam.compositor import Compositor
from vcam.errors import ModelError, SinkError, SourceError
from vcam.frames import I420, Image, Mask, Plane
from vcam.framing import Framing
from vcam.matte import Matte
from vcam.pipeline import Pipeline
from vcam.segmenters.fake import FakeSegmenter
from vcam.sinks.fake import FakeSink
from vcam.sources import capture
from vcam.sources.base import Source
from vcam.sources.fake import FakeSource
from vcam.status import State
from vcam.tap import PARTS, Look

W, H, FPS = 64, 36, 100.0
ROOM: Image = np.full((H, W, 3), (255, 0, 255), np.uint8)
BACKGROUND = ColorBackground(W, H, (0, 177, 64))
COVER = BACKGROUND.cover(0.0)
PERSON = I420.from_bgr(ROOM).data


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "RETRY_SECONDS", 0.01)


def all_person(image: Image) -> Mask:
    return np.ones((9, 16), np.float32)


def make_pipeline() -> Pipeline:
    return Pipeline(
        Framing(W, H), FakeSegmenter(all_person), Matte(), BACKGROUND, Compositor(W, H), W, H
    )


def rooms() -> Iterator[Image]:
    while True:
        yield ROOM


def steady() -> Source:
    return FakeSource(rooms(), fps=FPS)


class Run:
    """A bridge that stops after `frames` frames, or once `until` is true."""

    def __init__(
        self,
        open_source: Callable[[], Source] = steady,
        make: Callable[[], Pipeline] = make_pipeline,
        frames: int = 1000,
        until: Callable[[Run], bool] = lambda run: False,
        fails_after: int | None = None,
        watched: Callable[[float], bool] | None = None,
        reopen: bool = False,
    ) -> None:
        self.sink = FakeSink(fails_after=fails_after)
        self.bridge = Bridge(
            open_source, make, COVER, lambda: self.sink, FPS, watched=watched, reopen_sink=reopen
        )

        def tick() -> None:
            if len(self.sink.frames) >= frames or until(self):
                self.bridge.stop()

        self.tick = tick

    def run(self) -> Run:
        self.bridge.run(self.tick)
        return self

    def shows(self, what: Plane) -> bool:
        return bool(self.sink.frames) and np.array_equal(self.sink.frames[-1], what)


def shows_person(run: Run) -> bool:
    return run.shows(PERSON)


def test_viewers_see_the_cover_or_the_person_and_nothing_else() -> None:
    run = Run(until=shows_person).run()
    for frame in run.sink.frames:
        assert np.array_equal(frame, COVER.data) or np.array_equal(frame, PERSON)
    assert run.shows(PERSON)
    assert run.bridge.status().state is State.LIVE


def test_status_says_that_a_slow_machine_does_less_and_why() -> None:
    def slowly(image: Image) -> Mask:
        time.sleep(1.5 / FPS)
        return np.ones((9, 16), np.float32)

    def make() -> Pipeline:
        parts = (Framing(W, H), FakeSegmenter(slowly), Matte(), BACKGROUND, Compositor(W, H))
        return Pipeline(*parts, W, H, lighter=Matte())

    def moving() -> Iterator[Image]:
        for number in count():
            image = ROOM.copy()
            image[:, 8 * (number % 8) :][:, :8] = 0
            yield image

    def is_told(run: Run) -> bool:
        return bool(run.bridge.status().quality)

    run = Run(lambda: FakeSource(moving(), fps=FPS), make, until=is_told).run()
    assert run.bridge.status().quality.startswith("lowered to half detail, because ")


def test_frames_flow_while_the_stages_are_still_being_made() -> None:
    made = threading.Event()

    def slow_pipeline() -> Pipeline:
        made.wait(5)
        return make_pipeline()

    def until(run: Run) -> bool:
        if len(run.sink.frames) == 10:
            assert run.bridge.status().state is State.STARTING
            made.set()
        return shows_person(run)

    run = Run(make=slow_pipeline, until=until).run()
    assert all(np.array_equal(frame, COVER.data) for frame in run.sink.frames[:10])


@pytest.mark.parametrize("failure", [SourceError("no camera"), ModelError("no model")])
def test_what_cannot_be_made_at_the_start_ends_the_run(failure: Exception) -> None:
    def fail() -> Source:
        raise failure

    def fail_too() -> Pipeline:
        raise failure

    run = Run(open_source=fail) if isinstance(failure, SourceError) else Run(make=fail_too)
    with pytest.raises(type(failure)):
        run.run()
    assert all(np.array_equal(frame, COVER.data) for frame in run.sink.frames)


def test_lost_camera_is_covered_named_and_opened_again() -> None:
    opened: list[FakeSource] = []
    lost = threading.Event()

    def flaky() -> Source:
        if len(opened) == 1 and not lost.is_set():
            raise SourceError("still unplugged")
        ends = [ROOM] * 20
        opened.append(FakeSource(ends if not opened else rooms(), fps=FPS))
        return opened[-1]

    def until(run: Run) -> bool:
        status = run.bridge.status()
        if status.state is State.CAMERA_LOST and run.shows(COVER.data) and len(opened) == 1:
            assert "ended" in status.error or "unplugged" in status.error
            lost.set()
        return lost.is_set() and len(opened) == 2 and shows_person(run)

    run = Run(flaky, until=until).run()
    assert lost.is_set()
    assert opened[0].closed
    assert run.bridge.status().state is State.LIVE
    assert not run.bridge.status().error


def test_stalled_camera_is_covered_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.sender.STALE_SECONDS", 0.05)
    stalled = threading.Event()

    def script() -> Iterator[Image]:
        yield ROOM
        yield ROOM
        stalled.wait(5)

    seen_person = []

    def until(run: Run) -> bool:
        seen_person.append(shows_person(run))
        done = any(seen_person) and run.shows(COVER.data)
        if done:
            assert run.bridge.status().state is State.CAMERA_STALLED
            stalled.set()
        return done

    assert Run(lambda: FakeSource(script(), live=True), until=until).run().shows(COVER.data)


def test_slower_source_is_filled_up_to_the_promised_rate() -> None:
    given = []

    def slow() -> Iterator[Image]:
        while True:
            given.append(1)
            yield ROOM

    run = Run(lambda: FakeSource(slow(), fps=FPS / 5), frames=100).run()
    assert len(given) < 40
    assert run.bridge.status().fps_out == pytest.approx(FPS, rel=0.25)


def test_dead_sink_ends_the_run_with_its_reason() -> None:
    with pytest.raises(SinkError, match="takes no more"):
        Run(fails_after=3).run()


def test_source_and_stages_are_closed_at_the_end() -> None:
    source, segmenter = FakeSource(rooms(), fps=FPS), FakeSegmenter(all_person)

    def make() -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)

    Run(lambda: source, make, until=shows_person).run()
    assert source.closed
    assert segmenter.closed


def test_frames_being_shown_are_never_rendered_into() -> None:
    """Each frame is of one colour; a buffer reused too early would mix two."""
    colors = iter(range(10**9))

    def changing() -> Iterator[Image]:
        while True:
            yield np.full((H, W, 3), next(colors) % 200, np.uint8)

    run = Run(lambda: FakeSource(changing(), fps=3 * FPS), frames=150).run()
    luma = [frame[: W * H] for frame in run.sink.frames]
    assert all(plane.min() == plane.max() for plane in luma)


OTHER = ColorBackground(W, H, (20, 60, 200))


def test_pause_shows_the_cover_and_releases_the_camera_until_resumed() -> None:
    opened: list[FakeSource] = []
    told: list[str] = []

    def open_source() -> Source:
        opened.append(FakeSource(rooms(), fps=FPS))
        return opened[-1]

    def until(run: Run) -> bool:
        state = run.bridge.status().state
        if not told and shows_person(run):
            run.bridge.pause()
            told.append("paused")
        elif told == ["paused"] and state is State.PAUSED and opened[0].closed:
            assert run.shows(COVER.data)
            run.bridge.pause(False)
            told.append("resumed")
        return len(told) == 2 and state is State.LIVE and shows_person(run)

    Run(open_source, until=until).run()
    assert told == ["paused", "resumed"]
    assert len(opened) == 2


def test_nothing_of_the_person_is_sent_after_a_pause() -> None:
    frames_at_pause: list[int] = []

    def until(run: Run) -> bool:
        if not frames_at_pause and shows_person(run):
            run.bridge.pause()
            frames_at_pause.append(len(run.sink.frames))
        return bool(frames_at_pause) and len(run.sink.frames) > frames_at_pause[0] + 20

    run = Run(until=until).run()
    later = run.sink.frames[frames_at_pause[0] :]
    assert all(np.array_equal(frame, COVER.data) for frame in later)


def test_camera_is_on_only_while_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.bridge.LINGER_SECONDS", 0.05)
    monkeypatch.setattr("vcam.bridge._LOOK_SECONDS", 0.002)
    opened: list[FakeSource] = []
    viewer = threading.Event()
    seen: list[State] = []

    def open_source() -> Source:
        assert viewer.is_set()
        opened.append(FakeSource(rooms(), fps=FPS))
        return opened[-1]

    def until(run: Run) -> bool:
        state = run.bridge.status().state
        if not seen or seen[-1] is not state:
            seen.append(state)
        if state is State.STANDBY and len(opened) < 2:
            if opened:
                assert opened[-1].closed or not viewer.is_set()
            viewer.set()
        elif shows_person(run):
            viewer.clear()
        return len(opened) == 2 and shows_person(run)

    Run(open_source, until=until, watched=viewer.wait).run()
    assert seen[0] is State.STANDBY
    assert State.LIVE in seen


def test_standby_sends_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.bridge._LOOK_SECONDS", 0.001)
    looks: list[int] = []

    def watched(seconds: float) -> bool:
        looks.append(1)
        return False

    def until(run: Run) -> bool:
        return len(looks) > 50

    run = Run(until=until, watched=watched).run()
    assert len(run.sink.frames) == 4
    assert run.shows(COVER.data)


def test_missing_camera_does_not_end_a_standby(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.bridge._LOOK_SECONDS", 0.001)

    def refuse() -> Source:
        raise SourceError("no camera")

    def until(run: Run) -> bool:
        return run.bridge.status().error == "no camera"

    run = Run(refuse, until=until, watched=lambda seconds: True).run()
    assert run.bridge.status().state is State.CAMERA_LOST


def test_stages_are_swapped_between_two_frames_without_a_gap() -> None:
    segmenter = FakeSegmenter(lambda image: np.zeros((9, 16), np.float32))
    swapped: list[int] = []

    def make(background: ColorBackground) -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), background, Compositor(W, H), W, H)

    def until(run: Run) -> bool:
        if not swapped and run.bridge.status().state is State.LIVE:
            swapped.append(len(run.sink.frames))
            run.bridge.swap(make(OTHER), OTHER.cover(0.0))
        return run.shows(OTHER.cover(0.0).data)

    run = Run(make=lambda: make(BACKGROUND), until=until).run()
    allowed = (COVER.data, OTHER.cover(0.0).data)
    assert all(any(np.array_equal(frame, one) for one in allowed) for frame in run.sink.frames)
    assert segmenter.closed, "at the end"
    assert segmenter.resets == 0


def test_relearning_resets_the_segmenter() -> None:
    segmenter = FakeSegmenter(all_person)

    def make() -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)

    def until(run: Run) -> bool:
        if segmenter.calls == 3:
            run.bridge.relearn()
        return segmenter.resets > 0

    Run(make=make, until=until).run()


def test_lost_sink_is_opened_again_and_the_state_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vcam.bridge.RETRY_SECONDS", 0.01)
    sinks = [FakeSink(fails_after=5), FakeSink()]
    states: list[State] = []
    opened: list[FakeSink] = []

    def open_sink() -> FakeSink:
        if len(opened) == 1 and states.count(State.SINK_LOST) < 2:
            raise SinkError("no node")
        opened.append(sinks[len(opened)])
        return opened[-1]

    bridge = Bridge(steady, make_pipeline, COVER, open_sink, FPS, reopen_sink=True)

    def tick() -> None:
        states.append(bridge.status().state)
        if sinks[1].frames and np.array_equal(sinks[1].frames[-1], PERSON):
            bridge.stop()

    bridge.run(tick)
    assert State.SINK_LOST in states
    assert sinks[0].closed
    assert not bridge.status().error


def test_source_can_be_replaced() -> None:
    replaced: list[int] = []
    blue: Image = np.full((H, W, 3), (255, 0, 0), np.uint8)
    first = FakeSource(rooms(), fps=FPS)

    def until(run: Run) -> bool:
        if not replaced and shows_person(run):
            replaced.append(1)
            run.bridge.replace_source(lambda: FakeSource(iter([blue] * 1000), fps=FPS))
        return run.shows(I420.from_bgr(blue).data)

    Run(lambda: first, until=until).run()
    assert first.closed


def test_pause_that_meets_the_first_viewer_keeps_the_camera_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Standby ends in the sender's thread while `pause` comes from another."""
    bridge = Run().bridge
    pausing = threading.Thread(target=bridge.pause)

    class NotYet:
        """The sender has just found no pause, when one comes."""

        def __bool__(self) -> bool:
            pausing.start()
            pausing.join(0.2)
            return False

    monkeypatch.setattr(bridge, "_paused", NotYet())
    bridge._hold_source()
    pausing.join(2)
    assert bridge._capture._held


def test_camera_that_was_replaced_is_learnt_anew_before_it_is_shown() -> None:
    segmenter = FakeSegmenter(all_person)
    resets: list[int] = []
    other = np.full((H, W, 3), (0, 255, 255), np.uint8)

    def find(image: Image) -> Mask:
        if np.array_equal(image, other):
            resets.append(segmenter.resets)
        return np.ones((9, 16), np.float32)

    segmenter = FakeSegmenter(find)

    def make() -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)

    def others() -> Iterator[Image]:
        while True:
            yield other

    def until(run: Run) -> bool:
        if shows_person(run):
            run.bridge.replace_source(lambda: FakeSource(others(), fps=FPS))
        return len(resets) > 5

    Run(make=make, until=until).run()
    assert min(resets) >= 1


def test_what_was_shown_can_be_hidden_at_once() -> None:
    sent: list[int] = []
    over = threading.Event()

    def once() -> Iterator[Image]:
        yield ROOM
        over.wait(5)  # no newer one comes that may be shown

    def until(run: Run) -> bool:
        if shows_person(run) and not sent:
            run.bridge.hide_earlier()
            sent.append(len(run.sink.frames))
        if sent and len(run.sink.frames) > sent[0]:
            over.set()
        return over.is_set()

    run = Run(lambda: FakeSource(once(), live=True), until=until).run()
    assert np.array_equal(run.sink.frames[sent[0]], COVER.data)


def test_look_shows_what_viewers_see_and_the_room_it_is_made_of() -> None:
    looks: list[Look] = []

    def until(run: Run) -> bool:
        looks.append(run.bridge.look(PARTS, 0))
        return looks[-1].room is not None and shows_person(run)

    Run(until=until).run()
    seen, room = looks[-1].seen, looks[-1].room
    assert seen is not None
    assert np.array_equal(seen.data, PERSON)
    assert room is not None
    assert np.array_equal(room, ROOM)


def test_look_shows_the_cover_and_no_room_from_the_pause_on() -> None:
    """Also nothing that was captured before it: the shutter is closed for everybody."""
    looks: list[Look] = []

    def until(run: Run) -> bool:
        look = run.bridge.look(PARTS, 0)
        if not run.bridge._paused:
            if look.room is not None:
                run.bridge.pause()
            return False
        looks.append(look)
        return len(looks) == 5

    Run(until=until).run()
    for look in looks:
        assert look.seen is not None
        assert np.array_equal(look.seen.data, COVER.data)
        assert (look.room, look.alpha, look.mask) == (None, None, None)


def test_who_looks_turns_the_camera_on() -> None:
    def until(run: Run) -> bool:
        return run.bridge.look(["room"], 0).room is not None

    assert Run(watched=lambda seconds: False, until=until).run().bridge.is_looked_at
