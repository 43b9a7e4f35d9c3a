"""The render thread: takes the newest frame, runs it through the pipeline, hands it on."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from vcam.frames import I420, Frame
from vcam.handover import Latest
from vcam.pacing import Throttle
from vcam.pipeline import Pipeline, Rendered

_IDLE_SECONDS = 0.1


@dataclass(frozen=True)
class Finished:
    """A frame that can be sent.

    Attributes:
        frame: The picture; given back to the renderer when it is no longer shown.
        captured: When its picture was captured, in seconds of `time.monotonic`.
    """

    frame: I420
    captured: float


class Renderer:
    """Renders frames in a thread of its own.

    Args:
        make_pipeline: Makes the first stages; called in the thread.
        frames: Where the newest frame of the source lies.
        fps: The output's rate: frames beyond it are not rendered.
        width: Of the output, pixels.
        height: Of the output, pixels.

    Attributes:
        finished: Where the newest finished frame lies.
        last: How the last frame went; progress 0 before the first.
        failed: Why the first stages could not be made: then the thread has ended.
    """

    def __init__(
        self,
        make_pipeline: Callable[[], Pipeline],
        frames: Latest[Frame],
        fps: float,
        width: int,
        height: int,
    ) -> None:
        self._make_pipeline, self._frames = make_pipeline, frames
        self._throttle = Throttle(fps)
        # One is shown, one lies in the slot, one is being rendered, one changes hands.
        self._spare = deque(I420(width, height) for _ in range(4))
        self._newer: deque[Pipeline] = deque()
        self._relearn = self._stopped = False
        self._thread = threading.Thread(target=self._run, name="render", daemon=True)
        self.finished: Latest[Finished] = Latest()
        self.last = Rendered(False, 0.0)
        self.failed: Exception | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the frame at hand."""
        self._stopped = True

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False where it still hangs in a stage."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def swap(self, pipeline: Pipeline) -> None:
        """Go over to other stages between two frames, closing those of the old that are gone."""
        self._newer.append(pipeline)

    def relearn(self) -> None:
        """Have the segmenter forget what it has learnt, before the next frame."""
        self._relearn = True

    def give_back(self, frame: I420) -> None:
        """Return a finished frame that is no longer shown."""
        self._spare.append(frame)

    def _run(self) -> None:
        try:
            pipeline = self._make_pipeline()
        except Exception as error:  # handed to whoever runs the bridge
            self.failed = error
            return
        while not self._stopped:
            pipeline = self._newest(pipeline)
            frame = self._frames.take(_IDLE_SECONDS)
            if frame is not None and self._throttle.accepts(frame.time):
                self._render(pipeline, frame)
        pipeline.close()

    def _newest(self, pipeline: Pipeline) -> Pipeline:
        """The stages to use for the next frame."""
        while self._newer:
            newer = self._newer.popleft()
            pipeline.close(keep=newer)
            pipeline = newer
        if self._relearn:
            self._relearn = False
            pipeline.relearn()
        return pipeline

    def _render(self, pipeline: Pipeline, frame: Frame) -> None:
        out = self._spare.popleft()
        self.last = pipeline.render(frame, out)
        overtaken = self.finished.put(Finished(out, frame.time))
        if overtaken is not None:
            self.give_back(overtaken.frame)
