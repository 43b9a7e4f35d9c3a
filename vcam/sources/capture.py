"""The capture thread: keeps a source open and hands over its newest frame."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from vcam.errors import SourceError, VcamError
from vcam.frames import Frame
from vcam.handover import Latest
from vcam.sources.base import Source
from vcam.status import Rate

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Between two tries to open a source that was lost."""


class Capture:
    """Reads a source in a thread of its own. A source that is lost is opened again.

    Args:
        open_source: Opens it; called again after a loss.
        held: Start without opening the source.

    Attributes:
        frames: Where the newest frame lies.
        rate: Of frames from the source.
        refused: Why the source could not be opened at the start, or failed before its first
            frame: then the thread has ended. Only where it was not held at the start.
        lost: Why there are no frames just now; empty while they come, or are not wanted.
        description: Of the source that is open, or was open last.
    """

    def __init__(self, open_source: Callable[[], Source], held: bool = False) -> None:
        self._open_source = open_source
        self._held = held
        self._stopped = False
        self._must_succeed = not held
        self._change = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self.frames: Latest[Frame] = Latest()
        self.rate = Rate()
        self.refused: Exception | None = None
        self.lost = ""
        self.description = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def hold(self, held: bool) -> None:
        """Release the source, or open it again."""
        if held != self._held:
            self._held = held
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
        while not self._stopped and self.refused is None:
            self._change.clear()
            if self._held:
                self.lost = ""
                if not self._stopped:
                    self._change.wait()
                continue
            try:
                self._use(self._open_source())
            except VcamError as error:
                self._note_loss(error)
            except Exception as error:
                logger.exception("the source failed")
                self._note_loss(SourceError(f"the source failed ({error!r})"))
            if self.lost:
                self._change.wait(RETRY_SECONDS)

    def _use(self, source: Source) -> None:
        try:
            self.description = source.description
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
            self.lost, self._must_succeed = "", False
            self.rate.tick()
            self.frames.put(Frame(image, time.monotonic()))

    def _note_loss(self, error: VcamError) -> None:
        if self._must_succeed:
            self.refused = error
        elif str(error) != self.lost:
            logger.warning("%s; trying again every %g s", error, RETRY_SECONDS)
        self.lost = str(error)
