from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from tests.clips import flat
from vcam.errors import SourceError
from vcam.images.types import Image
from vcam.realtime.capture import Capture
from vcam.sources.fake import FakeSource


def endless() -> Iterator[Image]:
    while True:
        yield flat(1)


def test_source_that_keeps_no_time_is_paced() -> None:
    capture = Capture(lambda: FakeSource(endless(), fps=50))
    capture.start()
    frames, start = 0, time.monotonic()
    while frames < 20:
        frames += capture.frames.take(1) is not None
    elapsed = time.monotonic() - start
    capture.stop()
    assert capture.join(2)
    assert elapsed > 0.3


def test_only_the_newest_frame_is_handed_over() -> None:
    stop = threading.Event()
    given = threading.Event()

    def script() -> Iterator[Image]:
        yield flat(1)
        yield flat(2)
        yield flat(3)
        given.set()
        stop.wait(5)

    capture = Capture(lambda: FakeSource(script(), live=True))
    capture.start()
    assert given.wait(5)
    frame = capture.frames.take(1)
    capture.stop()
    stop.set()
    assert frame is not None
    assert frame.image.max() == 3
    assert capture.frames.dropped == 2


def test_source_that_fails_before_its_first_frame_is_refused_too() -> None:
    source = FakeSource([SourceError("gives no frames")])
    capture = Capture(lambda: source)
    capture.start()
    assert capture.join(2)
    assert str(capture.refused) == "gives no frames"
    assert source.closed


def test_source_refused_at_first_is_told_and_not_tried_again() -> None:
    tries = []

    def refuse() -> FakeSource:
        tries.append(1)
        raise SourceError("no camera")

    capture = Capture(refuse)
    capture.start()
    assert capture.join(2)
    assert isinstance(capture.refused, SourceError)
    assert len(tries) == 1


def test_stop_is_heeded_whenever_it_comes() -> None:
    class Swallowing(threading.Event):
        """`stop` is called just before the thread clears its event."""

        def clear(self) -> None:
            capture.stop()
            super().clear()

    source = FakeSource(endless(), fps=100)
    capture = Capture(lambda: source)
    capture._change = Swallowing()
    capture.start()
    assert capture.join(2)


def test_another_source_is_told_before_its_first_frame_and_the_same_one_is_not() -> None:
    told: list[int] = []
    frames: list[int] = []

    def source(level: int) -> FakeSource:
        return FakeSource([flat(level), SourceError("lost")], live=True)

    def first() -> FakeSource:
        return source(1)

    def second() -> FakeSource:
        return source(2)

    def on_other() -> None:
        frame = capture.frames.take(0)
        told.append(int(frame.image.max()) if frame else 0)

    capture = Capture(first, on_other=on_other)
    capture.start()
    while len(frames) < 2:  # lost and opened again
        frame = capture.frames.take(2)
        assert frame is not None
        frames.append(int(frame.image.max()))
    assert not told
    capture.replace(second)
    while not told:
        time.sleep(0.001)
    capture.stop()
    assert capture.join(2)
    assert frames == [1, 1]
    assert told[0] != 2
