"""The bridge in real time: a capture thread, a render thread, and the sink's clock.

The capture thread hands its newest frame to the render thread, which hands its newest finished
frame to the sender. The sender alone talks to the sink and keeps the promised rate: when no
new frame comes it sends the last one again, and after a second without any, the cover.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection

from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.capture import Capture
from vcam.realtime.renderer import Renderer
from vcam.realtime.sender import Sender
from vcam.realtime.status import State, Status
from vcam.realtime.tap import Look, cover_look
from vcam.sinks.base import Sink
from vcam.sources.base import Source

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Between two tries to open a sink that was lost."""

LINGER_SECONDS = 4.0
"""How long the camera stays on after the last viewer has gone."""

_LOOK_SECONDS = 0.25
_LOST_SECONDS = 0.01
_KEEP_ALIVE_SECONDS = 5.0
_FLUSH_FRAMES = 4
"""Covers sent when standby begins: the driver's buffers must hold no person that it could give
to the next viewer, and v4l2loopback from 0.13 on shows no camera before the first frames."""
_JOIN_SECONDS = 0.4


class Bridge:
    """Carries frames from a source to a sink until told to stop.

    Args:
        open_source: Opens the source; called again whenever it was lost.
        make_pipeline: Makes the first stages; called once, in the render thread.
        cover: What viewers see from the first frame on until a person can be shown. Never
            written to.
        open_sink: Opens the sink.
        fps: The promised rate.
        reopen_sink: Open a sink that was lost again, instead of ending.
        watched: Whether somebody looks at the sink; told how many seconds it may wait for
            that. While nobody does, the source is released. None where it cannot be known.

    Attributes:
        has_ended: After `run`: whether both threads have ended too. One that hangs in native
            code (a silent camera, a network being loaded) cannot be made to.
    """

    def __init__(
        self,
        open_source: Callable[[], Source],
        make_pipeline: Callable[[], Pipeline],
        cover: I420,
        open_sink: Callable[[], Sink],
        fps: float,
        *,
        reopen_sink: bool = False,
        watched: Callable[[float], bool] | None = None,
    ) -> None:
        self._ended = False  # a plain value: signal handlers set it, which must not lock
        self._capture = Capture(open_source, watched is not None, on_other=self.relearn)
        self._renderer = Renderer(
            make_pipeline, self._capture.frames, fps, cover.width, cover.height
        )
        self._sender = Sender(
            self._renderer.finished, self._renderer.give_back, cover, fps, self._is_hidden
        )
        self._open_sink, self._reopen_sink = open_sink, reopen_sink
        self._sink: Sink | None = None
        self._sink_name, self._sink_lost = "", ""
        self._retry_sink_at = 0.0
        self._watched = watched
        self._last_watched = self._last_kept = float("-inf")
        self._standby, self._paused = watched is not None, False
        self._holding = threading.Lock()
        self._flushed = 0
        self.has_ended = False

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Carry frames until `stop` is called; `on_tick` is called over and over.

        Raises:
            VcamError: The sink or the source could not be opened at first, the stages could
                not be made, or the sink was lost and is not to be opened again.
        """
        self._sink = self._open_sink()
        self._sink_name = self._sink.description
        self._capture.start()
        self._renderer.start()
        try:
            while not self._ended:
                self._raise_what_failed()
                self._step()
                on_tick()
        finally:
            self._ended = True
            self._end()

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._ended = True

    def pause(self, paused: bool = True) -> None:
        """The privacy shutter: show the cover and release the source; or go on."""
        self._paused = paused
        self.hide_earlier()
        self._hold_source()

    def relearn(self) -> None:
        """Have the segmenter forget what it has learnt from frames captured before this moment."""
        self._renderer.relearn()

    def swap(self, pipeline: Pipeline, cover: I420) -> None:
        """Go over to other stages, and their cover, between two frames."""
        self._renderer.swap(pipeline)
        self._sender.cover = cover

    def hide_earlier(self) -> None:
        """Show nothing any more that was captured before this moment."""
        self._sender.hide_earlier()
        self._renderer.tap.forget()

    def replace_source(self, open_source: Callable[[], Source]) -> None:
        """Go over to another source; the cover is shown until it gives frames."""
        self.hide_earlier()
        self._capture.replace(open_source)

    def look(self, parts: Collection[str], after: int) -> Look:
        """What viewers see, and what it is made of; from any thread, as often as one likes.

        Who looks counts as watching: in standby the source is opened.

        Args:
            parts: Of `tap.PARTS`, what is to be in it. While viewers see the cover there is
                nothing else: the camera's picture is nowhere to be seen then.
            after: The number of the look that is known already; a newer one is waited for,
                though not for long.
        """
        look = self._renderer.tap.newest(parts, after, _LOOK_SECONDS)
        if not self._sender.may_show(look.captured):
            return cover_look(look.number, self._sender.cover)
        return look

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody uses `look`."""
        return self._renderer.tap.is_watched

    def latencies(self) -> list[float]:
        """Seconds from capture to sent of the last frames, the newest last."""
        return self._sender.latencies.seconds()

    def status(self) -> Status:
        """How things stand."""
        median, p99 = self._sender.latencies.milliseconds()
        last = self._renderer.last
        return Status(
            state=self._state(),
            progress=last.progress,
            source=self._capture.description,
            sink=self._sink_name,
            fps_in=self._capture.rate.per_second(),
            fps_out=self._sender.rate.per_second(),
            latency_ms=median,
            latency_p99_ms=p99,
            frames=self._sender.sent,
            dropped=self._capture.frames.dropped,
            error=self._sink_lost or self._capture.lost or last.error,
            notice=last.notice if self._state() is State.LEARNING else "",
            fresh=self._sender.fresh,
            quality=self._renderer.governor.problem,
        )

    def _state(self) -> State:
        last = self._renderer.last
        if self._sink_lost:
            return State.SINK_LOST
        if self._paused:
            return State.PAUSED
        if self._standby:
            return State.STANDBY
        if self._capture.lost:
            return State.CAMERA_LOST
        if last.error:
            return State.COVERED
        if 0 < last.progress < 1 or last.notice:
            return State.LEARNING
        if self._sender.shows_person:
            return State.LIVE
        has_begun = bool(last.progress) and self._capture.has_begun
        return State.CAMERA_STALLED if has_begun else State.STARTING

    # -- the sender's thread ---------------------------------------------------------------

    def _step(self) -> None:
        """Send one frame, or let a little time pass."""
        sink = self._sink or self._try_sink()
        if sink is None or not self._is_due(time.monotonic()):
            return
        try:
            if self._standby:  # at once: whoever comes now is given what the driver still has
                self._sender.send_cover(sink)
            else:
                self._sender.send_next(sink, self._capture.rate.per_second())
        except SinkError as error:
            self._lose(sink, error)

    def _is_due(self, now: float) -> bool:
        """False in standby, except now and then: a virtual camera that is gone is noticed."""
        if self._watched is None:
            return True
        if self._watched(_LOOK_SECONDS if self._standby else 0.0) or self.is_looked_at:
            self._last_watched = now
        self._stand_by(now - self._last_watched >= LINGER_SECONDS)
        is_flushed = self._flushed >= _FLUSH_FRAMES
        if self._standby and is_flushed and now - self._last_kept < _KEEP_ALIVE_SECONDS:
            return False
        self._flushed += 1
        self._last_kept = now
        return True

    def _stand_by(self, standby: bool) -> None:
        if standby != self._standby:
            logger.info("nobody watches: camera released" if standby else "somebody watches")
            self._standby, self._flushed = standby, 0
            self.hide_earlier()
            self._hold_source()

    def _is_hidden(self) -> bool:
        return self._paused or self._standby or bool(self._capture.lost)

    def _hold_source(self) -> None:
        with self._holding:  # `pause` comes from another thread than standby
            self._capture.hold(self._paused or self._standby)

    def _try_sink(self) -> Sink | None:
        """Open a lost sink again; None where it cannot be yet."""
        if time.monotonic() < self._retry_sink_at:
            time.sleep(_LOST_SECONDS)
            return None
        try:
            self._sink = self._open_sink()
        except SinkError as error:
            self._sink_lost = str(error)
            self._retry_sink_at = time.monotonic() + RETRY_SECONDS
            return None
        logger.warning("%s is back", self._sink.description)
        self._sink_lost = ""
        return self._sink

    def _lose(self, sink: Sink, error: SinkError) -> None:
        if not self._reopen_sink:
            raise error
        logger.warning("%s; trying again every %g s", error, RETRY_SECONDS)
        self._sink, self._sink_lost = None, str(error)
        self._retry_sink_at = 0.0
        sink.close()

    def _raise_what_failed(self) -> None:
        failure = self._renderer.failed or self._capture.refused
        if failure is not None:
            raise failure

    def _end(self) -> None:
        self._capture.stop()
        self._renderer.stop()
        deadline = time.monotonic() + _JOIN_SECONDS
        rendered = self._renderer.join(_JOIN_SECONDS)
        captured = self._capture.join(max(0.0, deadline - time.monotonic()))
        if self._sink is not None:
            self._sink.close()
        self.has_ended = rendered and captured
