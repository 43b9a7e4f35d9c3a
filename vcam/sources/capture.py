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
        stop: Ends the thread.

    Attributes:
        frames: Where the newest frame lies.
        rate: Of frames from the source.
        refused: Why the source could not be opened the first time, or failed before its first
            frame: then the thread has ended.
        lost: Why there are no frames just now; empty while they come.
        description: Of the source that is open, or was open last.
    """

    def __init__(self, open_source: Callable[[], Source], stop: threading.Event) -> None:
        self._open_source = open_source
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._started = False
        self.frames: Latest[Frame] = Latest()
        self.rate = Rate()
        self.refused: Exception | None = None
        self.lost = ""
        self.description = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False where it still hangs in the source."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            source = self._open_source()
        except Exception as error:  # handed to whoever runs the bridge
            self.refused = error
            return
        while True:
            self._read_until_lost(source)
            if self._stop.is_set() or self.refused is not None:
                return
            reopened = self._reopen()
            if reopened is None:
                return
            source = reopened

    def _read_until_lost(self, source: Source) -> None:
        self.description = source.description
        logger.info("source: %s", source.description)
        try:
            self._read(source)
        except VcamError as error:
            self._note_loss(error)
        except Exception as error:
            logger.exception("the source failed")
            self._note_loss(SourceError(f"the source failed ({error!r})"))
        finally:
            source.close()

    def _read(self, source: Source) -> None:
        start, count = time.monotonic(), 0
        while not self._stop.is_set():
            if not source.live and source.fps > 0:
                late = start + count / source.fps - time.monotonic()
                if late > 0 and self._stop.wait(late):
                    return
                if late < -1:  # a stall or a suspended machine: go on from now
                    start, count = time.monotonic(), 0
                count += 1
            image = source.read()
            if image is None:
                raise SourceError(f"{source.description} has ended")
            self.lost, self._started = "", True
            self.rate.tick()
            self.frames.put(Frame(image, time.monotonic()))

    def _reopen(self) -> Source | None:
        """Try until the source is there again; None when told to stop."""
        while not self._stop.wait(RETRY_SECONDS):
            try:
                return self._open_source()
            except VcamError as error:
                self._note_loss(error)
        return None

    def _note_loss(self, error: VcamError) -> None:
        if not self._started:
            self.refused = error
        elif str(error) != self.lost:
            logger.warning("%s; trying again every %g s", error, RETRY_SECONDS)
        self.lost = str(error)
