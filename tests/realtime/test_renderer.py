from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from tests.realtime.fake_clock import FakeClock
from tests.realtime.renderer_rig import (
    ALL,
    BACKGROUND,
    ROOM,
    Coverless,
    H,
    W,
    moved,
    pipeline,
    rig,
)
from vcam.framing import Framing
from vcam.images.pyramid import Pyramid
from vcam.images.types import Cutout, Frame, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.clock import seconds
from vcam.realtime.governor import Governor
from vcam.realtime.renderer import Renderer
from vcam.realtime.slot import Latest
from vcam.realtime.tap import PARTS
from vcam.segmenters.fake import FakeSegmenter


class CountedMatte(Matte):
    """Counts the masks that it refines."""

    count = 0

    def refine(self, mask: Mask, pyramid: Pyramid) -> Cutout:
        self.count += 1
        return super().refine(mask, pyramid)


class Told(Governor):
    """Does what it is told."""

    def finished(self, now: float, savings: Sequence[str] = ()) -> None:
        pass


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_background_without_a_cover_does_not_end_the_frames() -> None:
    with rig(pipeline(FakeSegmenter([None]), Coverless.plain(W, H, (0, 0, 0)))) as bench:
        while bench.render(patience=0.05) is None:
            assert "no cover" in bench.renderer.last.error
        assert not bench.renderer.last.error


class Faulty:
    """Raises as often as it is told to, and then does what it stands for."""

    def __init__(self, real: Callable[..., Any], times: int) -> None:
        self._real, self.left = real, times

    def __call__(self, *arguments: Any) -> Any:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError("unforeseen")
        return self._real(*arguments)


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("_throttle", "accepts"),
        ("governor", "took"),
        ("governor", "finished"),
        ("tap", "offer"),
        ("finished", "put"),
    ],
)
def test_fault_at_any_line_costs_one_frame_and_never_the_thread(
    part: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Or viewers would see the background for ever, and nobody would know why."""
    with rig(pipeline(FakeSegmenter([ALL]))) as bench:
        faulty = Faulty(getattr(getattr(bench.renderer, part), name), times=9)
        setattr(getattr(bench.renderer, part), name, faulty)
        while faulty.left > 0:
            bench.frames.put(Frame(ROOM, seconds()))
            finished = bench.renderer.finished.take(0.01)
            if finished is not None:
                bench.renderer.give_back(finished.frame)
        assert bench.render(patience=60)
        assert bench.renderer.last.error == ""
        assert len(bench.renderer._spare) == 4
    assert caplog.text.count("RuntimeError: unforeseen") == 9


def test_frame_that_could_not_be_rendered_shows_nobody_and_says_why() -> None:
    stages = pipeline(FakeSegmenter([ALL]))
    renderer = Renderer(lambda: stages, Latest(), 1e6, W, H)
    renderer._render_or_tell(stages, Frame(ROOM, 1.0))
    shown = renderer.last.shows_person
    renderer.governor.took = Faulty(renderer.governor.took, times=1)  # type: ignore[assignment]
    renderer._render_or_tell(stages, Frame(ROOM, 2.0))
    assert (shown, renderer.last.shows_person) == (True, False)
    assert "unforeseen" in renderer.last.error


def test_frames_from_before_a_relearn_are_not_learnt_from() -> None:
    segmenter = FakeSegmenter([ALL])
    with rig(pipeline(segmenter)) as bench:
        before = seconds() - 0.1  # some clocks go in steps of 16 ms
        bench.renderer.relearn()
        assert bench.render(before)
        assert segmenter.resets == 0
        assert bench.render()
        assert bench.render()
        assert segmenter.resets == 1


def test_on_a_slow_machine_edges_are_refined_at_less_cost() -> None:
    matte, lighter = CountedMatte(), CountedMatte()
    changing = FakeSegmenter(lambda image: ALL.copy())
    stages = Pipeline(
        Framing(W, H), changing, matte, BACKGROUND, Compositor(W, H), W, H, lighter=lighter
    )
    with rig(stages) as bench:
        bench.renderer.governor = told = Told(30)
        counts = []
        for number, level in enumerate((0, 1, 0)):
            told.level = level
            assert bench.render(image=moved(number))
            counts.append((matte.count, lighter.count))
    assert counts == [(1, 0), (1, 1), (2, 1)]


class Noting(Governor):
    """Notes what it is told."""

    def __init__(self, fps: float) -> None:
        super().__init__(fps)
        self.told: list[tuple[str, float, object]] = []

    def took(self, captured: float, now: float, dropped: int) -> None:
        self.told.append(("took", captured, dropped))

    def finished(self, now: float, savings: Sequence[str] = ()) -> None:
        self.told.append(("finished", now, savings))


def test_governor_is_told_of_every_frame_and_of_those_that_were_dropped() -> None:
    clock = FakeClock()
    frames: Latest[Frame] = Latest(clock)
    renderer = Renderer(lambda: pipeline(FakeSegmenter([ALL])), frames, 1e6, W, H, clock)
    renderer.governor = noting = Noting(30)
    frames.put(Frame(ROOM, 1.0))
    frames.put(Frame(ROOM, 999.0))
    clock.at(1000.2, lambda: frames.put(Frame(ROOM, 1000.1)))
    clock.at(1000.3, renderer.stop)
    renderer._run()
    assert noting.told == [
        ("took", 999.0, 1),
        ("finished", 1000.0, ()),
        ("took", 1000.1, 1),
        ("finished", 1000.2, ()),
    ]
    assert clock.time == 1000.3, "it is not waited for a frame that does not come"


def test_frames_beyond_the_outputs_rate_are_left_out() -> None:
    clock = FakeClock()
    frames: Latest[Frame] = Latest(clock)
    segmenter = FakeSegmenter(lambda image: ALL.copy())
    renderer = Renderer(lambda: pipeline(segmenter), frames, 30, W, H, clock)
    for number in range(120):
        at = 1000 + number / 60
        clock.at(at, partial(frames.put, Frame(moved(number), at)))
    clock.at(1003, renderer.stop)
    renderer._run()
    assert segmenter.calls == pytest.approx(60, abs=8)


def test_frames_that_nobody_takes_are_used_again_and_the_newest_stays() -> None:
    with rig(pipeline(FakeSegmenter(lambda image: ALL.copy()))) as bench:
        for number in range(9):
            before = bench.renderer.finished.dropped
            bench.frames.put(Frame(moved(number), float(number)))
            while bench.renderer.finished.dropped == before and number:
                time.sleep(0.001)
            while not number and bench.renderer.finished._item is None:
                time.sleep(0.001)
        finished = bench.renderer.finished.take(0)
    assert finished is not None
    assert finished.captured == 8.0
    assert finished.shows_person
    assert len(bench.renderer._spare) == 3


def test_how_the_last_frame_went_is_told_without_the_rooms_picture() -> None:
    learning = FakeSegmenter([None, ALL])
    learning.progress = 0.4
    with rig(pipeline(learning)) as bench:
        assert bench.renderer.last.progress == 0
        assert not bench.renderer.last.shows_person
        finished = bench.render()
        assert finished is not None
        assert not finished.shows_person
        assert bench.renderer.last.progress == 0.4
        finished = bench.render(image=moved(1))
        assert finished is not None
        assert finished.shows_person
        assert bench.renderer.last.shows_person
        assert bench.renderer.last.layers is None


def test_who_looks_sees_each_frame_as_it_is_made() -> None:
    with rig(pipeline(FakeSegmenter([ALL]))) as bench:
        bench.renderer.tap.newest(PARTS, 0, 0.0)
        assert bench.render(captured=5.0)
        look = bench.renderer.tap.newest(PARTS, 0, 0.0)
    assert look.captured == 5.0
    assert look.room is not None


def test_relearning_once_resets_once_and_twice_twice() -> None:
    segmenter = FakeSegmenter(lambda image: ALL.copy())
    with rig(pipeline(segmenter)) as bench:
        for times in (1, 2):
            bench.renderer.relearn()
            for number in range(3):
                assert bench.render(image=moved(number))
            assert segmenter.resets == times
        bench.renderer._forget_before = asked = seconds()
        assert bench.render(asked)
        assert segmenter.resets == 3


def test_on_battery_the_cheaper_matte_is_used_until_the_plug_is_back() -> None:
    matte, lighter = CountedMatte(), CountedMatte()
    stages = Pipeline(
        Framing(W, H), FakeSegmenter([ALL]), matte, BACKGROUND, Compositor(W, H), W, H,
        lighter=lighter,
    )  # fmt: skip
    power = [True, False]
    renderer = Renderer(lambda: stages, Latest(), 1e6, W, H, on_battery=lambda: power.pop(0))
    renderer._render_or_tell(stages, Frame(moved(0), 1.0))  # what can be saved is known from here
    matte.count = 0
    for number in range(1, 4):
        renderer._render_or_tell(stages, Frame(moved(number), 1.0 + number))
        assert renderer.governor.problem == "lowered to half detail, to spare the battery"
    assert (matte.count, lighter.count) == (0, 3)
    renderer._render_or_tell(stages, Frame(moved(4), 7.0))
    assert (power, renderer.governor.problem) == ([], "")
    renderer._render_or_tell(stages, Frame(moved(5), 8.0))
    assert matte.count == 1
