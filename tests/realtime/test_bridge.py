from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from tests.realtime.bridge_run import (
    BACKGROUND,
    COVER,
    FPS,
    PERSON,
    ROOM,
    H,
    Run,
    W,
    all_person,
    make_pipeline,
    rooms,
    shows_person,
    steady,
)
from vcam.errors import ModelError, SinkError, SourceError
from vcam.framing import Framing
from vcam.images.types import Image, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.bridge import Bridge
from vcam.realtime.status import State
from vcam.segmenters.fake import FakeSegmenter
from vcam.sinks.fake import FakeSink
from vcam.sources.base import Source
from vcam.sources.fake import FakeSource

pytestmark = pytest.mark.usefixtures("busy_machine")


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
    monkeypatch.setattr("vcam.realtime.sender.STALE_SECONDS", 0.05)
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


def test_lost_sink_is_opened_again_and_the_state_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vcam.realtime.sink_connection.RETRY_SECONDS", 0.01)
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
