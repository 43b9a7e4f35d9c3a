from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.realtime.renderer_rig import (
    ALL,
    Closings,
    Coverless,
    H,
    W,
    pipeline,
    rig,
)
from vcam.backgrounds.still import Still
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.renderer import Renderer
from vcam.realtime.slot import Latest
from vcam.segmenters.fake import FakeSegmenter


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
