"""The capture thread: keeps a source open and hands over its newest frame."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from vcam.errors import SourceError, VcamError
from vcam.images.types import Frame
from vcam.realtime.slot import Latest
from vcam.realtime.status import Rate
from vcam.sources.base import Source

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Between two tries to open a source that was lost."""

_FIRST_RETRY_SECONDS = 0.1
"""Before the first of them: often only the stream was dead, and the source is there."""


class Capture:
    """Reads a source in a thread of its own. A source that is lost is opened again.

    Args:
        open_source: Opens it; called again after a loss.
        held: Start without opening the source.
        on_other: Called before the first frame of a source that may show another room than the
            one before it: it was replaced, or describes itself differently.

    Attributes:
        frames: Where the newest frame lies.
        rate: Of frames from the source.
        refused: Why the source could not be opened at the start, or failed before its first
            frame: then the thread has ended. Only where it was not held at the start.
        lost: Why there are no frames just now; empty while they come, or are not wanted.
        has_begun: Whether the source that is open has given a frame.
        description: Of the source that is open, or was open last.
    """

    def __init__(
        self,
        open_source: Callable[[], Source],
        held: bool = False,
        on_other: Callable[[], None] = lambda: None,
    ) -> None:
        self._open_source, self._on_other = open_source, on_other
        self._used: tuple[Callable[[], Source], str] | None = None
        self._held = held
        self._stopped = False
        self._must_succeed = not held
        self._pause = RETRY_SECONDS
        self._change = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self.frames: Latest[Frame] = Latest()
        self.rate = Rate()
        self.refused: Exception | None = None
        self.lost = ""
        self.has_begun = False
        self.description = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def hold(self, held: bool) -> None:
        """Release the source, or open it again."""
        if held != self._held:
            self._held, self._must_succeed, self.has_begun = held, False, False
            self._change.set()

    def replace(self, open_source: Callable[[], Source]) -> None:
        """Go over to another source."""
        self._open_source = open_source
        self._change.set()

    def stop(self) -> None:
        """Release the source and end the thread."""
        self._stopped = True
        self._change.set()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False where it still hangs in the source."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self.refused is None:
            self._change.clear()
            if self._stopped:  # asked after `clear`, which may have swallowed the call
                return
            if self._held:
                self.lost = ""
                self._change.wait()
                continue
            open_source = self._open_source
            try:
                self._use(open_source(), open_source)
            except VcamError as error:
                self._note_loss(error)
            except Exception as error:
                logger.exception("the source failed")
                self._note_loss(SourceError(f"the source failed ({error!r})"))
            if self.lost:
                self._change.wait(self._pause)

    def _use(self, source: Source, opened_by: Callable[[], Source]) -> None:
        try:
            self.description = source.description
            if self._used not in (None, (opened_by, self.description)):
                self._on_other()
            self._used = opened_by, self.description
            self.has_begun = False
            logger.info("source: %s", source.description)
            self._read(source)
        finally:
            source.close()

    def _read(self, source: Source) -> None:
        """Read until something else is wanted, or the source fails."""
        start, count = time.monotonic(), 0
        while not self._change.is_set():
            if not source.live and source.fps > 0:
                late = start + count / source.fps - time.monotonic()
                if late > 0 and self._change.wait(late):
                    return
                if late < -1:  # a stall or a suspended machine: go on from now
                    start, count = time.monotonic(), 0
                count += 1
            image = source.read()
            if image is None:
                raise SourceError(f"{source.description} has ended")
            self.lost, self._must_succeed, self.has_begun = "", False, True
            self.rate.tick()
            self.frames.put(Frame(image, time.monotonic()))

    def _note_loss(self, error: VcamError) -> None:
        if self._must_succeed:
            self.refused = error
        elif str(error) != self.lost:
            logger.warning("%s; trying again every %g s", error, RETRY_SECONDS)
        self._pause = RETRY_SECONDS if self.lost else min(_FIRST_RETRY_SECONDS, RETRY_SECONDS)
        self.lost = str(error)
