"""A capture that runs in the test's own thread, and sources for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.clips import flat
from tests.realtime.fake_clock import FakeClock
from vcam.errors import SourceError
from vcam.images.types import Frame, Image
from vcam.realtime.capture import Capture
from vcam.sources.fake import FakeSource

BEGIN = FakeClock().time


def endless() -> Iterator[Image]:
    while True:
        yield flat(1)


class Camera(FakeSource):
    """Captures a picture at each step into one of four buffers, where one is free."""

    def __init__(self, clock: FakeClock, step: float = 0.1, fps: float = 10.0) -> None:
        super().__init__(iter(()), fps=fps, live=True)
        self._clock, self._next, self._step = clock, clock.time, step
        self._buffers: list[float] = []
        self.captured = clock.time

    def read(self) -> Image | None:
        if not self._buffers:
            self._clock.time = max(self._clock.time, self._next)
        while self._next <= self._clock.time:
            if len(self._buffers) < 4:
                self._buffers.append(self._next)
            self._next += self._step
        self.captured = self._buffers.pop(0)
        return flat(1)


class Bench:
    """A capture that runs in the test's own thread until its frames are told of often enough."""

    def __init__(
        self,
        open_source: Callable[[], FakeSource],
        frames: int,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        held: bool = False,
        awaited: bool = False,
        check: Callable[[], None] = lambda: None,
        clock: FakeClock | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.others: list[float] = []
        self.seen: list[Frame] = []
        self.capture = Capture(open_source, held, self._note_other, awaited, check, self.clock)
        put = self.capture.frames.put

        def seen(frame: Frame) -> Frame | None:
            self.seen.append(frame)
            on_frame(frame)
            if len(self.seen) >= frames:
                self.capture.stop()
            return put(frame)

        self.capture.frames.put = seen  # type: ignore[method-assign,assignment]

    def _note_other(self) -> None:
        self.others.append(self.clock.time)

    def run(self) -> Bench:
        self.capture._run()
        return self


class Flaky:
    """A source that cannot be opened at these tries, and is lost after `frames` frames."""

    def __init__(self, fails: set[int], frames: int = 3, clock: FakeClock | None = None) -> None:
        self._fails, self._frames, self.clock = fails, frames, clock or FakeClock()
        self.tries: list[float] = []
        self.opened: list[FakeSource] = []

    def __call__(self) -> FakeSource:
        number = len(self.tries)
        self.tries.append(round(self.clock.time - BEGIN, 6))
        if number in self._fails:
            raise SourceError(f"try {number} failed")
        self.opened.append(FakeSource([flat(1)] * self._frames, live=True))
        return self.opened[-1]
