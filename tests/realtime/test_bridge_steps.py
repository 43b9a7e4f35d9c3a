from __future__ import annotations

import numpy as np
import pytest

from tests.realtime.bridge_run import COVER, FPS, make_pipeline, steady
from tests.realtime.stepped_bridge import Steps, shown
from vcam.images.types import I420
from vcam.pipeline.rendered import Layers
from vcam.realtime.bridge import Bridge
from vcam.realtime.status import State
from vcam.realtime.tap import PARTS
from vcam.sources.base import Source


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
    steps.until(12.5)
    assert (steps.is_held, steps.state) == (False, State.STARTING)


def test_standby_sends_four_placeholders_and_one_every_five_seconds() -> None:
    steps = Steps()
    steps.viewers = False
    steps.until(0.99)
    assert len(steps.sink.frames) == 4
    assert set(steps.looks) == {0.25}
    steps.until(21)
    assert len(steps.sink.frames) == 4 + 4
    assert set(steps.looks[5:]) == {1.0}, "more would keep a laptop awake"


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
