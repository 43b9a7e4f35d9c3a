"""A bridge between a source and a sink that tests can look into."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from vcam.backgrounds.still import Still
from vcam.framing import Framing
from vcam.images.types import I420, Image, Mask, Plane
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.bridge import Bridge
from vcam.realtime.clock import CLOCK, Clock
from vcam.segmenters.fake import FakeSegmenter
from vcam.sinks.fake import FakeSink
from vcam.sources.base import Source
from vcam.sources.fake import FakeSource

W, H, FPS = 64, 36, 100.0
ROOM: Image = np.full((H, W, 3), (255, 0, 255), np.uint8)
BACKGROUND = Still.plain(W, H, (0, 177, 64))
COVER = BACKGROUND.cover(0.0)
PERSON = I420.from_bgr(ROOM).data


def all_person(image: Image) -> Mask:
    return np.ones((9, 16), np.float32)


def make_pipeline() -> Pipeline:
    return Pipeline(
        Framing(W, H), FakeSegmenter(all_person), Matte(), BACKGROUND, Compositor(W, H), W, H
    )


def rooms() -> Iterator[Image]:
    while True:
        yield ROOM


def steady() -> Source:
    return FakeSource(rooms(), fps=FPS)


class Run:
    """A bridge that stops after `frames` frames, or once `until` is true, which must come."""

    def __init__(
        self,
        open_source: Callable[[], Source] = steady,
        make: Callable[[], Pipeline] = make_pipeline,
        frames: int = 3000,
        until: Callable[[Run], bool] | None = None,
        fails_after: int | None = None,
        watched: Callable[[float], bool] | None = None,
        reopen: bool = False,
        clock: Clock = CLOCK,
    ) -> None:
        self.sink = FakeSink(fails_after=fails_after)
        self.bridge = Bridge(
            open_source,
            make,
            COVER,
            lambda: self.sink,
            FPS,
            watched=watched,
            reopen_sink=reopen,
            clock=clock,
        )

        self._ended = until is None

        def tick() -> None:
            self._ended = self._ended or (until is not None and until(self))
            if len(self.sink.frames) >= frames or (until is not None and self._ended):
                self.bridge.stop()

        self.tick = tick

    def run(self) -> Run:
        self.bridge.run(self.tick)
        assert self._ended, "it has not come to what the test waits for"
        return self

    def shows(self, what: Plane) -> bool:
        return bool(self.sink.frames) and np.array_equal(self.sink.frames[-1], what)


def shows_person(run: Run) -> bool:
    return run.shows(PERSON)
