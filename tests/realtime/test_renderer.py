from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pytest

from tests.realtime.fake_clock import FakeClock
from vcam.backgrounds.still import Still
from vcam.framing import Framing
from vcam.images.pyramid import Pyramid
from vcam.images.types import I420, Cutout, Frame, Image, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.clock import seconds
from vcam.realtime.governor import Governor
from vcam.realtime.renderer import Finished, Renderer
from vcam.realtime.slot import Latest
from vcam.realtime.tap import PARTS
from vcam.segmenters.fake import FakeSegmenter

W, H = 32, 18
ROOM: Image = np.full((H, W, 3), 200, np.uint8)
ALL: Mask = np.ones((9, 16), np.float32)
BACKGROUND = Still.plain(W, H, (0, 0, 0))


class Coverless(Still):
    """Has nothing to show for its first frames, and cannot be closed."""

    fails = 6  # more than there are buffers

    def cover(self, time: float) -> I420:
        self.fails -= 1
        if self.fails >= 0:
            raise RuntimeError("no cover")
        return super().cover(time)

    def close(self) -> None:
        raise RuntimeError("cannot be closed")


class Closings(Still):
    """Counts them."""

    count = 0

    def close(self) -> None:
        self.count += 1


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


def pipeline(segmenter: FakeSegmenter, background: Still = BACKGROUND) -> Pipeline:
    return Pipeline(Framing(W, H), segmenter, Matte(), background, Compositor(W, H), W, H)


def moved(number: int) -> Image:
    """A picture in which something is elsewhere than in the one before."""
    image = ROOM.copy()
    image[:, 8 * (number % 4) :][:, :8] = 0
    return image


class Rig:
    """A renderer that is fed by hand."""

    def __init__(self, stages: Pipeline) -> None:
        self.frames: Latest[Frame] = Latest()
        self.renderer = Renderer(lambda: stages, self.frames, 1e6, W, H)

    def render(
        self, captured: float | None = None, patience: float = 60.0, image: Image = ROOM
    ) -> Finished | None:
        self.frames.put(Frame(image, seconds() if captured is None else captured))
        finished = self.renderer.finished.take(patience)
        if finished is not None:
            self.renderer.give_back(finished.frame)
        return finished


@contextmanager
def rig(stages: Pipeline) -> Iterator[Rig]:
    made = Rig(stages)
    made.renderer.start()
    try:
        yield made
    finally:
        made.renderer.stop()
        assert made.renderer.join(60)


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


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_stages_that_cannot_be_closed_are_replaced_all_the_same() -> None:
    old, new = FakeSegmenter([ALL]), FakeSegmenter([ALL])
    with rig(pipeline(old, Coverless.plain(W, H, (0, 0, 0)))) as bench:
        assert bench.render()
        bench.renderer.swap(pipeline(new))
        assert bench.render()
    assert (old.calls, new.calls) == (1, 1)


def test_stages_that_were_swapped_in_serve_the_very_next_frame() -> None:
    old, new = FakeSegmenter([ALL]), FakeSegmenter([ALL])
    with rig(pipeline(old)) as bench:
        for _ in range(3):
            assert bench.render()
        before = old.calls
        bench.renderer.swap(pipeline(new))  # the thread waits for a frame
        assert bench.render()
    assert (old.calls, new.calls) == (before, 1)
    assert old.closed
    assert new.closed


def test_stages_that_came_too_late_are_closed_too() -> None:
    late = FakeSegmenter([ALL])
    stages = pipeline(late)  # made before: the thread may end at once
    with rig(pipeline(FakeSegmenter([ALL]))) as bench:
        assert bench.render()
        bench.renderer.stop()
        bench.renderer.swap(stages)
    assert late.closed


def test_stages_that_came_after_the_end_are_closed_but_none_twice() -> None:
    kept, late = FakeSegmenter([ALL]), Closings.plain(W, H, (0, 0, 0))
    with rig(pipeline(kept)) as bench:
        assert bench.render()
    bench.renderer.swap(pipeline(kept, late))
    bench.renderer.swap(pipeline(FakeSegmenter([ALL]), late))
    assert late.count == 1


class ContestedLock:
    """Says when somebody has to wait for it; for `with` alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.is_waited_for = threading.Event()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self.is_waited_for.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class SlowToClose(Still):
    """Calls something before it is closed."""

    before_close: Callable[[], None]

    def close(self) -> None:
        self.before_close()


def test_stages_that_come_during_the_end_are_closed_but_none_twice() -> None:
    closings: list[str] = []
    shared, last = FakeSegmenter([ALL]), SlowToClose.plain(W, H, (0, 0, 0))
    shared.close = lambda: closings.append("shared")  # type: ignore[method-assign]
    stages, late = pipeline(shared, last), pipeline(shared)
    renderer = Renderer(lambda: stages, Latest(), 1e6, W, H)
    renderer._swapping = lock = ContestedLock()  # type: ignore[assignment]
    swapping = threading.Thread(target=renderer.swap, args=(late,))

    def swap_meanwhile() -> None:
        swapping.start()
        while swapping.is_alive() and not lock.is_waited_for.wait(0.001):
            pass

    last.before_close = swap_meanwhile
    renderer.stop()
    renderer._run()
    swapping.join(60)
    assert closings == ["shared"]


def test_stages_that_came_while_the_first_failed_are_closed() -> None:
    def fails() -> Pipeline:
        raise RuntimeError("no stages")

    late, later = FakeSegmenter([ALL]), FakeSegmenter([ALL])
    renderer = Renderer(fails, Latest(), 1e6, W, H)
    renderer.swap(pipeline(late))
    renderer.start()
    assert renderer.join(60)
    renderer.swap(pipeline(later))
    assert late.closed
    assert later.closed


def test_frames_from_before_a_relearn_are_not_learnt_from() -> None:
    segmenter = FakeSegmenter([ALL])
    with rig(pipeline(segmenter)) as bench:
        before = seconds()
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


def test_first_stages_that_fail_are_told_of_and_the_thread_ends() -> None:
    failure = RuntimeError("no stages")

    def fails() -> Pipeline:
        raise failure

    renderer = Renderer(fails, Latest(), 30, W, H)
    assert renderer.join(0), "it has not begun"
    assert renderer.failed is None
    renderer.start()
    assert renderer.join(60)
    assert renderer.failed is failure


def test_stages_that_are_shared_with_the_newer_ones_are_not_closed() -> None:
    shared, newer = FakeSegmenter([ALL]), Closings.plain(W, H, (0, 0, 0))
    with rig(pipeline(shared)) as bench:
        assert bench.render()
        bench.renderer.swap(pipeline(shared, newer))
        bench.renderer.swap(pipeline(FakeSegmenter([ALL]), newer))
        assert not shared.closed
        assert bench.render()
        assert shared.closed
        assert newer.count == 0
    assert newer.count == 1


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
