from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.realtime.fake_clock import FakeClock
from tests.realtime.stepped_bridge import Steps
from vcam.errors import SinkError
from vcam.realtime.sink_connection import SinkConnection
from vcam.realtime.status import State
from vcam.realtime.tap import PARTS
from vcam.sinks.base import Sink
from vcam.sinks.fake import FakeSink


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


def test_lost_sink_is_waited_for_in_small_steps() -> None:
    steps = Steps(on_demand=False)
    steps.sink._fails_after, steps.sinks = 0, [None]
    steps.bridge._step()
    steps.bridge._step()
    before = steps.clock.time
    steps.bridge._step()
    assert steps.clock.time == pytest.approx(before + 0.01)


def test_sink_that_is_lost_again_is_opened_at_once_though_the_last_loss_was_just_now() -> None:
    steps = Steps()
    steps.sink._fails_after = 0
    steps.sinks = [None, FakeSink(fails_after=0), FakeSink()]
    steps.until(1.5)
    assert steps.opened == pytest.approx([0, 1, 1], abs=0.05)


def test_sink_that_is_back_is_sent_a_frame_in_the_same_step() -> None:
    steps = Steps(on_demand=False)
    steps.bridge._connection.sink = None
    back = FakeSink()
    steps.sinks = [back]
    steps.bridge._step()
    assert len(back.frames) == 1


def connection(
    sink: FakeSink, close: Callable[[Sink], None] = lambda sink: sink.close()
) -> SinkConnection:
    return SinkConnection(lambda: sink, close, True, FakeClock())


def test_sink_is_named_once_it_is_open_and_closed_at_the_end() -> None:
    sink = FakeSink()
    one = connection(sink)
    assert (one.sink, one.name, one.error) == (None, "", "")
    assert one.close() is None, "there is nothing to close"
    one.open()
    assert (one.sink, one.name) == (sink, sink.description)
    assert one.close() is None
    assert sink.closed


def test_why_a_sink_could_not_be_closed_is_given_back() -> None:
    failure = SinkError("the file cannot be finished")

    def refuse(sink: Sink) -> None:
        raise failure

    one = connection(FakeSink(), refuse)
    one.open()
    assert one.close() is failure
