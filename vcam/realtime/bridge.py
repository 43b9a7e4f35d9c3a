"""The bridge in real time: a capture thread, a render thread, and the sink's clock.

The capture thread hands its newest frame to the render thread, which hands its newest finished
frame to the sender. The sender alone talks to the sink and keeps the promised rate: when no
new frame comes it sends the last one again, and after a second without any, the placeholder.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection

from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.capture import Capture
from vcam.realtime.clock import CLOCK, Clock
from vcam.realtime.keep_alive import KeepAlive
from vcam.realtime.renderer import Renderer
from vcam.realtime.sender import Sender
from vcam.realtime.sink_connection import SinkConnection
from vcam.realtime.status import State, Status
from vcam.realtime.tap import Look, placeholder_look
from vcam.sinks.base import Sink
from vcam.sources.base import Source

logger = logging.getLogger(__name__)

LINGER_SECONDS = 4.0
"""How long the camera stays on after the last viewer has gone."""

_LOOK_SECONDS = 0.25
_JOIN_SECONDS = 0.4


class Bridge:
    """Carries frames from a source to a sink until told to stop.

    Args:
        open_source: Opens the source; called again whenever it was lost.
        make_pipeline: Makes the first stages; called once, in the render thread.
        placeholder: What viewers see from the first frame on until a person can be shown. Never
            written to.
        open_sink: Opens the sink.
        fps: The promised rate.
        reopen_sink: Open a sink that was lost again, instead of ending.
        watched: Whether a program reads the sink; its argument is how many seconds it may wait for
            one. While none does, the source is released. None where this cannot be known.
        wake: Ends such a wait, from any thread or a signal handler.
        close_sink: Closes a sink that was opened.
        await_source: Keep trying a source that cannot be opened at the start, as if it had been
            lost; otherwise `run` ends with its error.
        check_source: Raises a `VcamError` if the source is missing, without opening it; called
            while the source is released.
        clock: Source of the frames' timestamps.
        on_battery: Whether the computer runs on its battery; None where that is not known.

    Attributes:
        has_ended: Whether both threads have ended. After `run`, a thread that hangs in native code
            (a silent camera, a network being loaded) cannot be stopped.
    """

    def __init__(
        self,
        open_source: Callable[[], Source],
        make_pipeline: Callable[[], Pipeline],
        placeholder: I420,
        open_sink: Callable[[], Sink],
        fps: float,
        *,
        reopen_sink: bool = False,
        watched: Callable[[float], bool] | None = None,
        wake: Callable[[], None] = lambda: None,
        close_sink: Callable[[Sink], None] = lambda sink: sink.close(),
        await_source: bool = False,
        check_source: Callable[[], None] = lambda: None,
        clock: Clock = CLOCK,
        on_battery: Callable[[], bool | None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._ended = False  # a plain bool: signal handlers set it, and they must not take a lock
        self._capture = Capture(
            open_source, watched is not None, self.relearn, await_source, check_source, clock
        )
        self._renderer = Renderer(
            make_pipeline, self._capture.frames, fps, placeholder.width, placeholder.height, clock,
            on_battery,
        )  # fmt: skip
        finished, give_back = self._renderer.finished, self._renderer.give_back
        self._sender = Sender(finished, give_back, placeholder, fps, self._is_hidden, clock)
        self._connection = SinkConnection(open_sink, close_sink, reopen_sink, clock)
        self._watched, self._wake = watched, wake
        self._last_watched, self._keep_alive = float("-inf"), KeepAlive()
        self._standby, self._paused = watched is not None, False
        self._holding = threading.Lock()
        self.has_ended = True

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Carry frames until `stop` is called; `on_tick` is called once per iteration.

        Raises:
            VcamError: The sink or the source could not be opened at the start, the stages could not
                be built, the sink was lost and must not be reopened, or it could not be closed.
        """
        self._connection.open()
        self.has_ended = False
        failed_at_the_end: Exception | None = None
        try:
            self._capture.start()
            self._renderer.start()
            while not self._ended:
                self._raise_what_failed()
                self._step()
                on_tick()
        finally:
            failed_at_the_end = self._end()
        if failed_at_the_end is not None:  # never hides the error that ended the loop
            raise failed_at_the_end

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._ended = True
        self._wake()

    def pause(self, paused: bool = True) -> None:
        """The privacy shutter: show the placeholder and release the source, or resume.

        When this returns, nothing that was captured earlier is sent any more.
        """
        if paused:
            self._paused = True
            self._hold_source()  # before anything that may block: the sink may hang
        self.hide_earlier()
        if not paused:  # only once everything captured so far is hidden
            self._paused = False
            self._hold_source()

    def toggle_pause(self) -> None:
        """Close the shutter if it is open, else open it."""
        self.pause(not self._paused)

    def relearn(self) -> None:
        """Have the segmenter discard what it has learnt from frames captured before now."""
        self._renderer.relearn()

    def swap(self, pipeline: Pipeline, placeholder: I420) -> None:
        """Switch to other stages and their placeholder between two frames."""
        self._renderer.swap(pipeline)
        self._sender.placeholder = placeholder

    def hide_earlier(self) -> None:
        """Stop showing anything captured before now."""
        self._sender.hide_earlier()
        self._renderer.tap.forget()

    def replace_source(self, open_source: Callable[[], Source]) -> None:
        """Switch to another source; the placeholder is shown until it delivers frames."""
        self.hide_earlier()
        self._capture.replace(open_source)

    def look(self, parts: Collection[str], after: int) -> Look:
        """What viewers see, and the layers it is made of. Any thread may call it, at any rate.

        Calling it counts as watching: in standby it opens the source.

        Args:
            parts: Which of `tap.PARTS` to include. While viewers do not see the person only `seen`
                is given: the camera's picture is not available then.
            after: Number of the look the caller already has; waits briefly for a newer one.
        """
        was_looked_at = self.is_looked_at
        self._renderer.tap.lease(parts)
        if self._standby and not was_looked_at:
            self._wake()
        look = self._renderer.tap.newest(parts, after, _LOOK_SECONDS)
        if not self._sender.may_show(look.captured):
            return placeholder_look(look.number, self._sender.placeholder)
        return look

    @property
    def is_looked_at(self) -> bool:
        """Whether `look` is in use."""
        return self._renderer.tap.is_watched

    def latencies(self) -> list[float]:
        """Seconds from capture to sending of the last frames, newest last."""
        return self._sender.latencies.seconds()

    def status(self) -> Status:
        """A snapshot of the state; figures of a camera that is off are left empty."""
        state, last = self._state(), self._renderer.last
        is_off = state in (State.STANDBY, State.PAUSED)
        median, p99 = (0.0, 0.0) if is_off else self._sender.latencies.milliseconds()
        lost = "" if is_off else self._capture.lost or last.error
        advice = last.advice if state is State.LIVE else None
        return Status(
            state=state,
            progress=last.progress,
            source="" if is_off else self._capture.description,
            sink=self._connection.name,
            fps_in=0.0 if is_off else self._capture.rate.per_second(),
            fps_out=self._sender.rate.per_second(),
            latency_ms=median,
            latency_p99_ms=p99,
            frames=self._sender.sent,
            dropped=self._capture.frames.dropped,
            error=self._connection.error or lost,
            notice=last.notice if state is State.LEARNING else "",
            fresh=self._sender.fresh,
            advice=advice.text if advice else "",
            advice_command=advice.command if advice else "",
            quality="" if is_off else self._renderer.governor.problem,
        )

    def _state(self) -> State:
        last = self._renderer.last
        if self._connection.error:
            return State.SINK_LOST
        if self._paused:
            return State.PAUSED
        if self._capture.lost:
            return State.CAMERA_LOST
        if self._standby:
            return State.STANDBY
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
        """Send one frame, or wait briefly."""
        sink = self._connection.sink
        if sink is None:
            sink = self._connection.reopen()
            self._keep_alive.restart()  # a node that is back has had no frames
        if sink is None:
            self._note_viewers(False)  # nobody can watch
            return
        if not self._is_due():
            return
        try:
            if self._standby:  # at once: a new reader is given what the driver still holds
                self._sender.send_placeholder(sink)
            else:
                self._sender.send_next(sink, self._capture.rate.per_second())
        except SinkError as error:
            self._connection.lose(sink, error)

    def _is_due(self) -> bool:
        """False in standby, except for keep-alive frames, which notice that a node has gone."""
        if self._watched is None:
            return True
        self._note_viewers(self._watched(self._keep_alive.patience if self._standby else 0.0))
        now = self._clock.now()
        if self._standby and not self._keep_alive.is_due(now):
            return False
        self._keep_alive.sent(now)
        return True

    def _note_viewers(self, watched: bool) -> None:
        if self._watched is None:
            return
        now = self._clock.now()
        if watched or self.is_looked_at:
            self._last_watched = now
        self._stand_by(now - self._last_watched >= LINGER_SECONDS)

    def _stand_by(self, standby: bool) -> None:
        if standby != self._standby:
            logger.info("nobody watches: camera released" if standby else "somebody watches")
            self._standby = standby
            self._keep_alive.restart()
            self.hide_earlier()
            self._hold_source()

    def _is_hidden(self) -> bool:
        return self._paused or self._standby or bool(self._capture.lost)

    def _hold_source(self) -> None:
        with self._holding:  # `pause` comes from another thread than standby
            self._capture.hold(self._paused or self._standby)

    def _raise_what_failed(self) -> None:
        failure = self._renderer.failed or self._capture.refused
        if failure is not None:
            raise failure

    def _end(self) -> Exception | None:
        """End the threads and close the sink; returns why closing failed."""
        self._capture.stop()
        self._renderer.stop()
        deadline = self._clock.now() + _JOIN_SECONDS
        rendered = self._renderer.join(_JOIN_SECONDS)
        captured = self._capture.join(max(0.0, deadline - self._clock.now()))
        self.has_ended = rendered and captured
        return self._connection.close()
