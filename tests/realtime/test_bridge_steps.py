"""A bridge whose threads do not run, step by step on a clock of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from tests.realtime.bridge_run import COVER, FPS, PERSON, make_pipeline, steady
from tests.realtime.fake_clock import FakeClock
from vcam.errors import SinkError, SourceError
from vcam.images.types import I420
from vcam.pipeline.pipeline import Pipeline
from vcam.pipeline.rendered import Layers, Rendered
from vcam.realtime import bridge as bridge_module
from vcam.realtime.bridge import Bridge
from vcam.realtime.renderer import Finished
from vcam.realtime.status import State
from vcam.realtime.tap import PARTS
from vcam.sinks.fake import FakeSink
from vcam.sources.base import Source


class Steps:
    """A bridge that is stepped by hand.

    Attributes:
        sinks: What can be opened, in this order; `None` cannot be.
        opened: When a sink was tried to be opened, in seconds since the start.
        viewers: Whether somebody watches.
    """

    def __init__(self, on_demand: bool = True, reopen: bool = True) -> None:
        self.clock = FakeClock()
        self.begin = self.clock.time
        self.sinks: list[FakeSink | None] = [FakeSink()]
        self.opened: list[float] = []
        self.looks: list[float] = []
        self.viewers = True
        self.closed: list[object] = []
        self.bridge = Bridge(
            steady,
            make_pipeline,
            COVER,
            self._open_sink,
            FPS,
            reopen_sink=reopen,
            watched=self._watched if on_demand else None,
            close_sink=self.closed.append,
            clock=self.clock,
        )
        self.sink = FakeSink()
        connection = self.bridge._connection
        connection.sink, connection.name = self.sink, "a sink"

    def _open_sink(self) -> FakeSink:
        self.opened.append(round(self.clock.time - self.begin, 3))
        sink = self.sinks.pop(0) if len(self.sinks) > 1 else self.sinks[0]
        if sink is None:
            raise SinkError("no node")
        return sink

    def _watched(self, seconds: float) -> bool:
        self.looks.append(seconds)
        if not self.viewers:
            self.clock.time += seconds
        return self.viewers

    @property
    def is_held(self) -> bool:
        """Whether the source is released."""
        return self.bridge._capture._wish.held

    @property
    def state(self) -> State:
        return self.bridge.status().state

    def until(self, seconds: float) -> None:
        """Step until so many seconds after the start."""
        while self.clock.time < self.begin + seconds - 1e-6:
            before = self.clock.time
            self.bridge._step()
            if self.clock.time == before:
                self.clock.time += 0.001

    def finish(self, frame: I420 | None = None) -> None:
        """A frame with the person has just been rendered."""
        person = frame or I420(COVER.width, COVER.height)
        person.data[:] = PERSON
        self.bridge._renderer.finished.put(Finished(person, self.clock.time))


def test_camera_is_released_while_the_sink_is_lost_and_nobody_can_watch() -> None:
    steps = Steps()
    steps.until(1)
    assert not steps.is_held
    steps.sink._fails_after = 0
    steps.sinks = [None]
    steps.until(4.9)
    assert (steps.is_held, steps.state) == (False, State.SINK_LOST)
    steps.until(5.1)
    assert (steps.is_held, steps.state) == (True, State.SINK_LOST)


def test_preview_keeps_the_camera_on_while_the_sink_is_lost() -> None:
    steps = Steps()
    steps.sink._fails_after = 0
    steps.sinks = [None]
    for second in range(1, 10):
        steps.until(second)
        steps.bridge.look(PARTS, 0)
    assert not steps.is_held


def test_without_on_demand_the_camera_stays_on_while_the_sink_is_lost() -> None:
    steps = Steps(on_demand=False)
    steps.sink._fails_after = 0
    steps.sinks = [None]
    steps.until(20)
    assert (steps.is_held, steps.state) == (False, State.SINK_LOST)


def test_lost_sink_is_closed_and_opened_at_once_and_then_every_second() -> None:
    steps = Steps()
    steps.sink._fails_after = 0
    steps.sinks = [None, None, None, FakeSink()]
    steps.until(2.5)
    assert steps.closed == [steps.sink]
    assert steps.opened == pytest.approx([0, 1, 2], abs=0.05)
    assert steps.bridge.status().error == "no node"
    steps.until(4)
    assert len(steps.opened) == 4
    assert steps.state is not State.SINK_LOST
    assert steps.bridge.status().error == ""


def test_lost_sink_that_cannot_be_closed_is_opened_again_all_the_same() -> None:
    steps = Steps()

    def refuse(sink: object) -> None:
        raise OSError("busy")

    steps.bridge._connection._close_sink = refuse
    steps.sink._fails_after = 0
    steps.until(1)
    assert steps.bridge._connection.sink is steps.sinks[0]


def test_lost_sink_that_is_not_to_be_opened_again_is_raised() -> None:
    steps = Steps(reopen=False)
    steps.sink._fails_after = 0
    with pytest.raises(SinkError, match="takes no more"):
        steps.until(1)


def test_node_that_is_back_in_standby_is_given_the_placeholder_at_once() -> None:
    """Apps list it only once it has had frames."""
    steps = Steps()
    steps.viewers = False
    steps.until(4)
    assert len(steps.sink.frames) == 4
    back = FakeSink()
    steps.sink._fails_after, steps.sinks = 0, [back]
    steps.until(8)
    assert len(steps.opened) == 1
    assert len(back.frames) == 4


def test_standby_begins_four_seconds_after_the_last_viewer_has_gone() -> None:
    steps = Steps()
    steps.until(3)
    steps.viewers = False
    steps.until(6.9)
    assert (steps.is_held, steps.state) == (False, State.STARTING)
    sent = len(steps.sink.frames)
    steps.until(7.05)
    assert (steps.is_held, steps.state) == (True, State.STANDBY)
    steps.until(11)
    assert len(steps.sink.frames) <= sent + 0.15 * FPS + 4
    steps.viewers = True
    steps.until(11.5)
    assert (steps.is_held, steps.state) == (False, State.STARTING)


def test_standby_sends_four_placeholders_and_one_every_five_seconds() -> None:
    steps = Steps()
    steps.viewers = False
    steps.until(0.99)
    assert len(steps.sink.frames) == 4
    steps.until(21)
    assert len(steps.sink.frames) == 4 + 4
    assert set(steps.looks) == {0.25}


def test_nothing_is_waited_for_while_frames_flow() -> None:
    steps = Steps()
    steps.until(0.5)
    steps.looks.clear()
    steps.until(1)
    assert set(steps.looks) == {0.0}


def test_who_comes_out_of_standby_sees_nothing_from_before() -> None:
    steps = Steps()
    steps.until(1)
    steps.finish()
    steps.clock.time += 0.01
    steps.viewers = False
    steps.bridge._last_watched = float("-inf")
    steps.bridge._step()
    assert steps.bridge._standby
    assert np.array_equal(steps.sink.frames[-1], COVER.data)
    steps.viewers = True
    steps.bridge._step()
    assert np.array_equal(steps.sink.frames[-1], COVER.data)


def shown(steps: Steps) -> bool:
    """Whether a person that has just been captured is shown."""
    steps.finish()
    steps.bridge._step()
    return np.array_equal(steps.sink.frames[-1], PERSON)


def test_person_is_shown_unless_paused_or_the_camera_is_lost() -> None:
    steps = Steps(on_demand=False)
    assert shown(steps)
    steps.bridge.pause()
    assert not shown(steps)
    assert steps.is_held
    steps.clock.time += 0.1
    steps.bridge.pause(False)
    assert shown(steps)
    assert not steps.is_held
    steps.bridge._capture.lost = "unplugged"
    assert not shown(steps)


def test_pause_hides_before_it_waits_for_what_is_being_sent() -> None:
    steps = Steps(on_demand=False)
    hidden: list[bool] = []
    steps.bridge._sender.hide_earlier = (  # type: ignore[method-assign]
        lambda: hidden.append(steps.bridge._is_hidden())
    )
    steps.bridge.pause()
    assert hidden == [True]


def test_going_on_after_a_pause_shows_nothing_from_the_pause() -> None:
    steps = Steps(on_demand=False)
    steps.bridge.pause()
    steps.clock.time += 0.1
    steps.finish()
    steps.clock.time += 0.1
    shut: list[bool] = []
    hide = steps.bridge._sender.hide_earlier

    def hide_and_look() -> None:
        shut.append(steps.bridge._is_hidden())
        hide()

    steps.bridge._sender.hide_earlier = hide_and_look  # type: ignore[method-assign]
    steps.bridge.pause(False)
    assert shut == [True], "until what came before is hidden"
    steps.bridge._step()
    assert np.array_equal(steps.sink.frames[-1], COVER.data)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda bridge: None, State.STARTING),
        (lambda bridge: setattr(bridge._connection, "error", "no node"), State.SINK_LOST),
        (lambda bridge: setattr(bridge, "_paused", True), State.PAUSED),
        (lambda bridge: setattr(bridge, "_standby", True), State.STANDBY),
        (lambda bridge: setattr(bridge._capture, "lost", "unplugged"), State.CAMERA_LOST),
        (
            lambda bridge: setattr(bridge._renderer, "last", Rendered(False, error="e")),
            State.COVERED,
        ),
        (lambda bridge: setattr(bridge._renderer, "last", Rendered(False, 0.5)), State.LEARNING),
        (
            lambda bridge: setattr(bridge._renderer, "last", Rendered(False, 0.0, notice="n")),
            State.LEARNING,
        ),
        (lambda bridge: setattr(bridge._renderer, "last", Rendered(False, 1.0)), State.STARTING),
        (lambda bridge: setattr(bridge._capture, "has_begun", True), State.STARTING),
    ],
)
def test_state_says_what_is_the_matter(change: Callable[[Bridge], object], state: State) -> None:
    steps = Steps(on_demand=False)
    change(steps.bridge)
    assert steps.state is state


def test_camera_that_gives_no_frames_any_more_has_stalled() -> None:
    steps = Steps(on_demand=False)
    steps.bridge._renderer.last = Rendered(True)
    states = [steps.state]
    steps.bridge._capture.has_begun = True
    assert [*states, steps.state] == [State.STARTING, State.CAMERA_STALLED]


def test_states_have_an_order() -> None:
    """The first of them is what is told where several are so."""
    steps = Steps(on_demand=False)
    bridge, order = steps.bridge, list[str]()
    bridge._renderer.last = Rendered(False, 0.5, "fails", "step out")
    bridge._connection.error, bridge._paused, bridge._standby = "no node", True, True
    bridge._capture.lost = "unplugged"
    mends: list[Callable[[], None]] = [
        lambda: setattr(bridge._connection, "error", ""),
        lambda: setattr(bridge, "_paused", False),
        lambda: setattr(bridge._capture, "lost", ""),
        lambda: setattr(bridge, "_standby", False),
        lambda: setattr(bridge._renderer, "last", Rendered(False, 0.5, "", "step out")),
    ]
    for mend in mends:
        order.append(steps.state.value)
        mend()
    order.append(steps.state.value)
    assert order == ["sink-lost", "paused", "camera-lost", "standby", "covered", "learning"]


def test_status_tells_the_nearest_cause_and_what_is_wanted() -> None:
    steps = Steps(on_demand=False)
    bridge = steps.bridge
    bridge._renderer.last = Rendered(False, 0.4, "it fails", "step out")
    bridge._capture.lost, bridge._connection.error = "unplugged", "no node"
    errors = []
    errors.append(bridge.status().error)
    bridge._connection.error = ""
    errors.append(bridge.status().error)
    bridge._capture.lost = ""
    assert [*errors, bridge.status().error] == ["no node", "unplugged", "it fails"]
    assert bridge.status().notice == ""
    bridge._renderer.last = Rendered(False, 0.4, "", "step out")
    assert bridge.status().notice == "step out"
    assert bridge.status().progress == 0.4


def test_status_counts_what_was_sent() -> None:
    steps = Steps(on_demand=False)
    for _ in range(2):
        steps.finish()
        steps.clock.time += 0.004
        steps.bridge._step()
        steps.clock.time += 1 / FPS
    status = steps.bridge.status()
    assert (status.frames, status.fresh, status.dropped) == (2, 2, 0)
    assert (status.sink, status.state) == ("a sink", State.LIVE)
    assert status.latency_ms == pytest.approx(4)
    assert status.latency_p99_ms == pytest.approx(4)
    assert status.fps_out > 0
    assert status.fps_in == 0
    assert steps.bridge.latencies() == pytest.approx([0.004, 0.004])


@pytest.mark.parametrize("off", ["_paused", "_standby", ""])
def test_nothing_is_said_of_a_camera_that_is_off(off: str) -> None:
    steps = Steps(on_demand=False)
    assert shown(steps)
    bridge = steps.bridge
    bridge._capture.description, bridge._renderer.governor.problem = "a camera", "slow"
    for _ in range(2):
        bridge._capture.rate.tick()
        steps.clock.time += 0.1
    if off:
        setattr(bridge, off, True)
    status = bridge.status()
    assert (status.source, status.quality) == (("", "") if off else ("a camera", "slow"))
    assert (status.fps_in > 0) == (not off)


def test_camera_that_is_missing_in_standby_is_told_of() -> None:
    def missing() -> None:
        raise SourceError("no camera was found")

    bridge = Bridge(
        steady,
        make_pipeline,
        COVER,
        FakeSink,
        FPS,
        watched=lambda seconds: False,
        check_source=missing,
        await_source=True,
    )
    told: list[tuple[State, str, str, bool]] = []

    def tick() -> None:
        status = bridge.status()
        told.append((status.state, status.error, status.sink, bridge.has_ended))
        bridge.stop()

    bridge.run(tick)
    assert told == [(State.CAMERA_LOST, "no camera was found", "a fake sink", False)]
    assert bridge.has_ended


class BadSink(FakeSink):
    """Cannot be closed."""

    def close(self) -> None:
        raise SinkError("the file cannot be finished")


def test_sink_that_cannot_be_closed_is_told_of_but_hides_no_other_cause() -> None:
    def bridge(sink: FakeSink) -> Bridge:
        return Bridge(steady, make_pipeline, COVER, lambda: sink, FPS)

    ended = bridge(BadSink())
    with pytest.raises(SinkError, match="cannot be finished"):
        ended.run(ended.stop)
    assert ended.has_ended
    with pytest.raises(SinkError, match="takes no more"):
        bridge(BadSink(fails_after=3)).run()


def test_bridge_that_never_ran_has_ended() -> None:
    def refuse() -> FakeSink:
        raise SinkError("no node")

    bridge = Bridge(steady, make_pipeline, COVER, refuse, FPS)
    with pytest.raises(SinkError, match="no node"):
        bridge.run()
    assert bridge.has_ended


def test_threads_that_cannot_be_started_leave_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = FakeSink()
    bridge = Bridge(steady, make_pipeline, COVER, lambda: sink, FPS)

    def refuse() -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(bridge._renderer, "start", refuse)
    with pytest.raises(RuntimeError, match="new thread"):
        bridge.run()
    assert sink.closed
    assert bridge.has_ended
    assert bridge._capture.join(60)


@pytest.mark.parametrize("hangs", ["source", "stages"])
def test_thread_that_hangs_is_told_of_at_the_end(
    hangs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge_module, "_JOIN_SECONDS", 0.05)
    go_on, sink = threading.Event(), FakeSink()

    def source() -> Source:
        if hangs == "source":
            go_on.wait(60)
        return steady()

    def stages() -> Pipeline:
        if hangs == "stages":
            go_on.wait(60)
        return make_pipeline()

    bridge = Bridge(source, stages, COVER, lambda: sink, FPS)
    bridge.run(bridge.stop)
    assert not bridge.has_ended
    assert sink.closed
    go_on.set()
    assert bridge._renderer.join(60)
    assert bridge._capture.join(60)


def test_threads_end_with_the_run() -> None:
    bridge = Bridge(steady, make_pipeline, COVER, FakeSink, FPS)
    bridge.run(lambda: bridge.stop() if bridge.status().frames > 3 else None)
    assert bridge.has_ended
    assert not bridge._renderer._thread.is_alive()
    assert not bridge._capture._thread.is_alive()


def test_going_over_to_other_stages_brings_their_placeholder() -> None:
    steps, other = Steps(on_demand=False), I420(COVER.width, COVER.height)
    other.data[:] = 7
    stages = make_pipeline()
    steps.bridge.swap(stages, other)
    assert list(steps.bridge._renderer._newer) == [stages]
    steps.bridge._step()
    assert np.array_equal(steps.sink.frames[-1], other.data)


def test_hiding_and_another_source_hide_what_was_captured_and_looked_at() -> None:
    for change in (Bridge.hide_earlier, lambda bridge: bridge.replace_source(steady)):
        steps = Steps(on_demand=False)
        tap = steps.bridge._renderer.tap
        tap.newest(PARTS, 0, 0.0)
        tap.offer(1.0, None, COVER)
        steps.finish()
        steps.clock.time += 0.01
        change(steps.bridge)
        assert tap._newest.captured == 0
        steps.bridge._step()
        assert np.array_equal(steps.sink.frames[-1], COVER.data)


def test_another_source_is_the_one_that_is_opened() -> None:
    def other() -> Source:
        return steady()

    steps = Steps(on_demand=False)
    steps.bridge.replace_source(other)
    assert steps.bridge._capture._wish.open_source is other


def test_relearning_forgets_what_was_captured_until_now() -> None:
    steps = Steps()
    steps.clock.time = 1234
    steps.bridge.relearn()
    assert steps.bridge._renderer._forget_before == 1234
    steps.clock.time = 1235
    steps.bridge._capture._on_other()
    assert steps.bridge._renderer._forget_before == 1235


def test_look_is_what_viewers_may_see() -> None:
    steps = Steps(on_demand=False)
    tap, image = steps.bridge._renderer.tap, np.zeros((36, 64, 3), np.uint8)
    assert not steps.bridge.is_looked_at
    tap.newest(PARTS, 0, 0.0)
    assert steps.bridge.is_looked_at
    tap.offer(steps.clock.time, Layers(image), COVER)
    look = steps.bridge.look(PARTS, 0)
    assert look.room is not None
    before = steps.clock.time
    assert steps.bridge.look(PARTS, look.number).room is not None
    assert steps.clock.time == pytest.approx(before + 0.25)
    steps.clock.time += 0.8
    late = steps.bridge.look(PARTS, 0)
    assert late.room is None
    assert late.number == look.number
    assert late.seen is not None
    assert np.array_equal(late.seen.data, COVER.data)


def test_lost_sink_is_waited_for_in_small_steps() -> None:
    steps = Steps(on_demand=False)
    steps.sink._fails_after, steps.sinks = 0, [None]
    steps.bridge._step()
    steps.bridge._step()
    before = steps.clock.time
    steps.bridge._step()
    assert steps.clock.time == pytest.approx(before + 0.01)
