from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.realtime.bridge_run import COVER, FPS, make_pipeline, steady
from tests.realtime.stepped_bridge import Steps, shown
from vcam.errors import SourceError
from vcam.pipeline.rendered import Rendered
from vcam.realtime.bridge import Bridge
from vcam.realtime.status import State
from vcam.sinks.fake import FakeSink


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
