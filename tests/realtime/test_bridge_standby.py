from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.realtime.bridge_run import COVER, FPS, PERSON, Run, rooms, shows_person
from vcam.errors import SourceError
from vcam.images.types import I420
from vcam.realtime.status import State, Status
from vcam.sinks.fake import FakeSink
from vcam.sources.base import Source
from vcam.sources.fake import FakeSource

pytestmark = pytest.mark.usefixtures("busy_machine")


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


def test_pause_from_another_thread_waits_for_the_frame_that_is_being_sent() -> None:
    """A frame of the person that is sent after `pause` has returned would be one too many."""
    pausing: list[threading.Thread] = []
    returned_first: list[bool] = []

    class Sink(FakeSink):
        def send(self, frame: I420) -> None:
            if not pausing and np.array_equal(frame.data, PERSON):
                pausing.append(threading.Thread(target=run.bridge.pause))
                pausing[0].start()
                pausing[0].join(0.1)
                returned_first.append(not pausing[0].is_alive())
            super().send(frame)

    def until(run: Run) -> bool:
        return bool(pausing) and not pausing[0].is_alive() and run.shows(COVER.data)

    run = Run(until=until)
    run.sink = Sink()
    run.run()
    assert returned_first == [False]


def test_camera_is_on_only_while_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.realtime.bridge.LINGER_SECONDS", 0.05)
    monkeypatch.setattr("vcam.realtime.keep_alive.REST_SECONDS", 0.002)
    monkeypatch.setattr("vcam.realtime.keep_alive.FLUSHING_SECONDS", 0.002)
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
    monkeypatch.setattr("vcam.realtime.keep_alive.REST_SECONDS", 0.001)
    monkeypatch.setattr("vcam.realtime.keep_alive.FLUSHING_SECONDS", 0.001)
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
    monkeypatch.setattr("vcam.realtime.keep_alive.REST_SECONDS", 0.001)
    monkeypatch.setattr("vcam.realtime.keep_alive.FLUSHING_SECONDS", 0.001)

    def refuse() -> Source:
        raise SourceError("no camera")

    def until(run: Run) -> bool:
        return run.bridge.status().error == "no camera"

    run = Run(refuse, until=until, watched=lambda seconds: True).run()
    assert run.bridge.status().state is State.CAMERA_LOST


def test_pause_that_meets_the_first_viewer_keeps_the_camera_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Standby ends in the sender's thread while `pause` comes from another."""
    bridge = Run().bridge
    pausing = threading.Thread(target=bridge.pause)

    class NotYet:
        """The sender has just found no pause, when one comes."""

        def __bool__(self) -> bool:
            if pausing.ident is None:
                pausing.start()
                pausing.join(0.2)
            return False

    monkeypatch.setattr(bridge, "_paused", NotYet())
    bridge._hold_source()
    pausing.join(2)
    assert bridge._capture._wish.held


def test_in_standby_nothing_is_said_of_the_last_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.realtime.bridge.LINGER_SECONDS", 0.05)
    monkeypatch.setattr("vcam.realtime.keep_alive.REST_SECONDS", 0.002)
    monkeypatch.setattr("vcam.realtime.keep_alive.FLUSHING_SECONDS", 0.002)
    viewer, told = threading.Event(), list[Status]()
    viewer.set()

    def until(run: Run) -> bool:
        status = run.bridge.status()
        if viewer.is_set() and status.latency_ms > 0 and shows_person(run):
            run.bridge._renderer.governor.problem = "lowered, because this computer is slow"
            viewer.clear()
        elif not viewer.is_set() and status.state is State.STANDBY:
            told.append(status)
        return bool(told)

    Run(until=until, watched=viewer.wait).run()
    (status,) = told
    assert (status.source, status.quality, status.error) == ("", "", "")
    assert (status.fps_in, status.latency_ms, status.latency_p99_ms) == (0.0, 0.0, 0.0)


def test_a_wait_in_standby_ends_when_vcam_is_to_stop_and_when_somebody_looks() -> None:
    woken: list[str] = []
    bridge = Run(watched=lambda seconds: False).bridge
    bridge._wake = lambda: woken.append("woken")
    bridge.look(["room"], 0)
    assert len(woken) == 1
    bridge.look(["room"], 0)
    assert len(woken) == 1, "whoever goes on looking is known"
    bridge.stop()
    assert len(woken) == 2
