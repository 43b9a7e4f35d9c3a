"""The bridge's sink: opened at the start, and again after it was lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

from vcam.errors import SinkError
from vcam.realtime.clock import CLOCK, Clock
from vcam.sinks.base import Sink

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Between two attempts to reopen a sink that was lost."""

_PAUSE_SECONDS = 0.01


class SinkConnection:
    """An open sink, or the attempts to reopen it. Used by the sender's thread only.

    Args:
        open_sink: Opens the sink.
        close_sink: Closes a sink that was opened.
        reopens: Reopen a sink that was lost, instead of raising its error.
        clock: Times the attempts.

    Attributes:
        sink: The open sink; None before the first, and while it is lost.
        name: Its description.
        error: Why it is lost; empty while it is open.
    """

    def __init__(
        self,
        open_sink: Callable[[], Sink],
        close_sink: Callable[[Sink], None],
        reopens: bool,
        clock: Clock = CLOCK,
    ) -> None:
        self._open_sink, self._close_sink = open_sink, close_sink
        self._reopens, self._clock = reopens, clock
        self._retry_at = float("-inf")
        self.sink: Sink | None = None
        self.name = self.error = ""

    def open(self) -> None:
        """Open the sink for the first time.

        Raises:
            VcamError: It cannot be opened.
        """
        self.sink = self._open_sink()
        self.name = self.sink.description

    def reopen(self) -> Sink | None:
        """Try to reopen a lost sink; None if it is too early or fails."""
        if self._clock.now() < self._retry_at:
            self._clock.sleep(_PAUSE_SECONDS)
            return None
        try:
            self.sink = self._open_sink()
        except (SinkError, OSError) as error:  # OSError: also when no more files may be open
            self.error = str(error)
            self._retry_at = self._clock.now() + RETRY_SECONDS
            return None
        logger.warning("%s is back", self.sink.description)
        self.error = ""
        return self.sink

    def lose(self, sink: Sink, error: SinkError) -> None:
        """Close a sink that refused a frame, so that it is reopened.

        Raises:
            SinkError: `error` itself, if the sink must not be reopened.
        """
        if not self._reopens:
            raise error
        logger.warning("%s; trying again every %g s", error, RETRY_SECONDS)
        self.sink, self.error = None, str(error)
        self._close(sink)

    def close(self) -> Exception | None:
        """Close the sink, if there is one; returns why that failed."""
        return None if self.sink is None else self._close(self.sink)

    def _close(self, sink: Sink) -> Exception | None:
        try:
            self._close_sink(sink)
        except Exception as error:
            logger.warning("%s could not be closed (%s)", self.name, error)
            return error
        return None
