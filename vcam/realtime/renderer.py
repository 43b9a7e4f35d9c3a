"""The render thread: takes the newest frame, runs it through the pipeline, hands it on."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from vcam.images.timing import Schedule
from vcam.images.types import I420, Frame
from vcam.pipeline.pipeline import Pipeline
from vcam.pipeline.rendered import Rendered
from vcam.realtime.clock import CLOCK, Clock
from vcam.realtime.governor import Governor
from vcam.realtime.pacing import Throttle
from vcam.realtime.slot import Latest
from vcam.realtime.tap import Tap

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 10.0
_POWER_SECONDS = 5.0
"""Between two looks at where the power comes from."""


@dataclass(frozen=True)
class Finished:
    """A frame that can be sent.

    Attributes:
        frame: The picture; returned to the renderer when it is no longer shown.
        captured: When its picture was captured, in seconds of `realtime.clock`.
        shows_person: False where it is the background or the placeholder alone.
    """

    frame: I420
    captured: float
    shows_person: bool = True


class Renderer:
    """Renders frames in a thread of its own.

    Args:
        make_pipeline: Makes the first stages; called in the thread.
        frames: The slot with the source's newest frame.
        fps: The output's rate: frames beyond it are not rendered.
        width: Of the output, pixels.
        height: Of the output, pixels.
        clock: Source of the frames' timestamps.
        on_battery: Whether the computer runs on its battery; None where that is not known.

    Attributes:
        finished: The slot with the newest finished frame.
        last: How the last frame went, without its layers; progress 0 before the first.
        failed: Why the first stages could not be built; the thread has ended then.
        governor: Chooses how much work a frame gets.
        tap: Gives a preview its copies of frames.
    """

    def __init__(
        self,
        make_pipeline: Callable[[], Pipeline],
        frames: Latest[Frame],
        fps: float,
        width: int,
        height: int,
        clock: Clock = CLOCK,
        on_battery: Callable[[], bool | None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._on_battery, self._power_looks = on_battery, Schedule(_POWER_SECONDS)
        self._make_pipeline, self._frames = make_pipeline, frames
        self._throttle = Throttle(fps)
        # One is shown, one waits in the slot, one is being rendered, one is being handed over.
        self._spare = deque(I420(width, height) for _ in range(4))
        self._newer: deque[Pipeline] = deque()
        self._swapping = threading.Lock()
        self._freed: Pipeline | None = None
        self._stopped = self._ended = False
        self._forget_before = self._forgot_before = float("-inf")
        self._thread = threading.Thread(target=self._run, name="render", daemon=True)
        self.finished: Latest[Finished] = Latest(clock)
        self.last = Rendered(False, 0.0)
        self.failed: Exception | None = None
        self.governor = Governor(fps)
        self.tap = Tap(clock)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the current frame."""
        self._stopped = True
        self._frames.wake()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False where it still hangs in a stage."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def swap(self, pipeline: Pipeline) -> None:
        """Switch to other stages between two frames, closing the old ones that are not reused.

        Stages given after the thread has ended are closed immediately.
        """
        with self._swapping:
            if self._ended:
                self._free(pipeline)
            else:
                self._newer.append(pipeline)
        self._frames.wake()  # the old ones are freed, though no frame may come for hours

    def relearn(self) -> None:
        """Have the segmenter discard what it has learnt from frames captured before now."""
        self._forget_before = self._clock.now()

    def give_back(self, frame: I420) -> None:
        """Return a finished frame that is no longer shown."""
        self._spare.append(frame)

    def _run(self) -> None:
        try:
            pipeline = self._make_pipeline()
        except Exception as error:  # raised by `Bridge.run`
            self.failed = error
            self._end()
            return
        while not self._stopped:
            frame = self._frames.take(_IDLE_SECONDS)
            pipeline = self._newest(pipeline)  # including those that came while waiting
            if frame is not None:
                self._render_or_tell(pipeline, frame)
        self._end(pipeline)

    def _render_or_tell(self, pipeline: Pipeline, frame: Frame) -> None:
        """Render a frame; if that fails nothing new is shown, and the next frame may succeed."""
        try:
            if self._throttle.accepts(frame.captured):
                self._render(pipeline, frame)
        except Exception as error:
            logger.exception("a frame could not be rendered")
            self.last = Rendered(False, error=f"a frame could not be rendered ({error!r})")

    def _end(self, *stages: Pipeline) -> None:
        """Free these stages and those still waiting to be swapped in."""
        with self._swapping:
            self._ended = True
            for pipeline in (*stages, *self._newer):
                self._free(pipeline)

    def _free(self, pipeline: Pipeline) -> None:
        """Close stages, except those shared with the ones freed last."""
        _close(pipeline, keep=self._freed)
        self._freed = pipeline

    def _newest(self, pipeline: Pipeline) -> Pipeline:
        """The stages to use for the next frame."""
        while self._newer:
            newer = self._newer.popleft()
            _close(pipeline, keep=newer)
            pipeline = newer
        return pipeline

    def _render(self, pipeline: Pipeline, frame: Frame) -> None:
        if self._power_looks.is_due(frame.captured):  # with a frame: nothing wakes up for it
            self.governor.on_battery = bool(self._on_battery())
        self.governor.took(frame.captured, self._clock.now(), self._frames.dropped)
        out = self._spare.popleft()
        try:
            pipeline.save(self.governor.level)
            self._forget(pipeline, frame)
            rendered = pipeline.render(frame, out)
            self.tap.offer(frame.captured, rendered.layers, out)
            self.last = replace(rendered, layers=None)  # do not keep the camera's picture
            overtaken = self.finished.put(Finished(out, frame.captured, rendered.shows_person))
        except Exception:
            self.give_back(out)
            raise
        if overtaken is not None:
            self.give_back(overtaken.frame)
        self.governor.finished(self._clock.now(), pipeline.savings)

    def _forget(self, pipeline: Pipeline, frame: Frame) -> None:
        wanted = self._forget_before
        if self._forgot_before < wanted <= frame.captured:
            pipeline.relearn()
            self._forgot_before = wanted


def _close(pipeline: Pipeline, keep: Pipeline | None = None) -> None:
    """Free stages; an error in doing so must not stop the frames."""
    try:
        pipeline.close(keep)
    except Exception:
        logger.exception("stages could not be closed")
