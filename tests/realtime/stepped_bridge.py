"""A bridge whose threads do not run, step by step on a clock of the test's own."""

from __future__ import annotations

import numpy as np

from tests.realtime.bridge_run import COVER, FPS, PERSON, make_pipeline, steady
from tests.realtime.fake_clock import FakeClock
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.realtime.bridge import Bridge
from vcam.realtime.renderer import Finished
from vcam.realtime.status import State
from vcam.sinks.fake import FakeSink


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


def shown(steps: Steps) -> bool:
    """Whether a person that has just been captured is shown."""
    steps.finish()
    steps.bridge._step()
    return np.array_equal(steps.sink.frames[-1], PERSON)
