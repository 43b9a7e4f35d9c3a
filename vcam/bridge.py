"""The bridge in real time: a capture thread, a render thread, and the sink's clock.

The capture thread hands its newest frame to the render thread, which hands its newest finished
frame to the sender. The sender alone talks to the sink and keeps the promised rate: when no
new frame comes it sends the last one again, and after a second without any, the cover.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from vcam.frames import I420
from vcam.handover import Latest
from vcam.pacing import OutputClock, Throttle
from vcam.pipeline import Pipeline, Rendered
from vcam.sinks.base import Sink
from vcam.sources.base import Source
from vcam.sources.capture import Capture
from vcam.status import Latencies, Rate, State, Status

logger = logging.getLogger(__name__)

STALE_SECONDS = 1.0
"""No viewer looks at a frozen person for longer than this."""

_JOIN_SECONDS = 0.4


@dataclass(frozen=True)
class _Finished:
    frame: I420
    captured: float


class Bridge:
    """Carries frames from a source to a sink until told to stop.

    Args:
        open_source: Opens the source; called again whenever it was lost.
        make_pipeline: Makes the stages; called once, in the render thread.
        cover: What viewers see from the first frame on until a person can be shown. Never
            written to.
        sink: Where the frames go; the caller closes it.
        fps: The promised rate.
    """

    def __init__(
        self,
        open_source: Callable[[], Source],
        make_pipeline: Callable[[], Pipeline],
        cover: I420,
        sink: Sink,
        fps: float,
    ) -> None:
        self._stop = threading.Event()
        self._capture = Capture(open_source, self._stop)
        self._renderer = threading.Thread(target=self._render, name="render", daemon=True)
        self._make_pipeline = make_pipeline
        self._cover, self._sink, self._fps = cover, sink, fps
        self._finished: Latest[_Finished] = Latest()
        # One is shown, one lies in the slot, one is being rendered, one changes hands.
        self._spare = deque(I420(cover.width, cover.height) for _ in range(4))
        self._failed: Exception | None = None
        self._last = Rendered(False, 0.0)
        self._live = False
        self._rate_out, self._latencies = Rate(), Latencies()
        self._sent = 0

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Carry frames until `stop` is called; `on_tick` is called after every frame sent.

        Raises:
            VcamError: The source could not be opened the first time, the stages could not be
                made, or the sink stopped taking frames.
        """
        self._capture.start()
        self._renderer.start()
        try:
            self._send_frames(on_tick)
        finally:
            self._stop.set()
            self._renderer.join(_JOIN_SECONDS)
            if not self._capture.join(_JOIN_SECONDS):
                logger.debug("the source does not answer; left to the end of the process")

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._stop.set()

    def status(self) -> Status:
        """How things stand, from any thread."""
        median, p99 = self._latencies.milliseconds()
        return Status(
            state=self._state(),
            progress=self._last.progress,
            source=self._capture.description,
            sink=self._sink.description,
            fps_in=self._capture.rate.per_second(),
            fps_out=self._rate_out.per_second(),
            latency_ms=median,
            latency_p99_ms=p99,
            frames=self._sent,
            dropped=self._capture.frames.dropped,
            error=self._capture.lost or self._last.error,
        )

    def _state(self) -> State:
        if self._capture.lost:
            return State.CAMERA_LOST
        if self._last.error:
            return State.COVERED
        if self._last.progress == 0.0 or not self._sent:
            return State.STARTING
        if self._last.progress < 1:
            return State.LEARNING
        return State.LIVE if self._live else State.CAMERA_LOST

    # -- the render thread ---------------------------------------------------------------

    def _render(self) -> None:
        try:
            pipeline = self._make_pipeline()
        except Exception as error:  # handed to whoever runs the bridge
            self._failed = error
            return
        throttle = Throttle(self._fps)
        while not self._stop.is_set():
            frame = self._capture.frames.take(0.1)
            if frame is None or not throttle.accepts(frame.time):
                continue
            out = self._spare.popleft()
            self._last = pipeline.render(frame, out)
            overtaken = self._finished.put(_Finished(out, frame.time))
            if overtaken is not None:
                self._spare.append(overtaken.frame)
        pipeline.close()

    # -- the sender ----------------------------------------------------------------------

    def _send_frames(self, on_tick: Callable[[], None]) -> None:
        clock = OutputClock(self._fps, time.monotonic())
        shown, shown_since = self._cover, time.monotonic()
        while not self._stop.is_set():
            self._raise_what_failed()
            steady = self._capture.rate.per_second() > 0.9 * self._fps
            finished = self._finished.take(clock.patience(time.monotonic(), steady))
            now = time.monotonic()
            if finished is not None:
                shown, shown_since = self._show(shown, finished.frame), now
            elif now - shown_since > STALE_SECONDS or self._capture.lost:
                shown = self._show(shown, self._cover)
            self._live = shown is not self._cover
            self._sink.send(shown)
            clock.sent(now, new=finished is not None)
            self._sent += 1
            self._rate_out.tick()
            if finished is not None:
                self._latencies.add(time.monotonic() - finished.captured)
            on_tick()

    def _show(self, before: I420, after: I420) -> I420:
        """What is shown from now on; what was shown before may be rendered into again."""
        if before is not after and before is not self._cover:
            self._spare.append(before)
        return after

    def _raise_what_failed(self) -> None:
        failure = self._failed or self._capture.refused
        if failure is not None:
            raise failure
