"""The sender: decides what viewers see now, and keeps the promised rate."""

from __future__ import annotations

import threading
from collections.abc import Callable

from vcam.images.types import I420
from vcam.realtime.clock import CLOCK, Clock
from vcam.realtime.pacing import OutputClock
from vcam.realtime.renderer import Finished
from vcam.realtime.slot import Latest
from vcam.realtime.status import Latencies, Rate
from vcam.sinks.base import Sink

STALE_SECONDS = 1.0
"""Frames older than this are not shown, nor is a frozen person for longer."""


_HANGS_SECONDS = 0.5
"""A sink that blocks for longer is not waited for: the shutter must close regardless."""


class Sender:
    """Sends the newest finished frame, the last one again, or the placeholder.

    One thread calls `send_next` and `send_placeholder`; the rest may be called from any.

    Args:
        finished: The slot with the newest finished frame.
        give_back: Called with a finished frame that is no longer shown.
        placeholder: A picture with nothing of the room in it; never written to.
        fps: The promised rate.
        is_hidden: While it returns True only the placeholder is shown. Called for every frame,
            after waiting for it.
        clock: Source of the frames' timestamps.

    Attributes:
        placeholder: Shown whenever the person must not be.
        rate: Of frames sent.
        latencies: From capture to sent.
        sent: How many frames were sent.
        fresh: How many of them showed a new picture.
    """

    def __init__(
        self,
        finished: Latest[Finished],
        give_back: Callable[[I420], None],
        placeholder: I420,
        fps: float,
        is_hidden: Callable[[], bool],
        clock: Clock = CLOCK,
    ) -> None:
        self._finished, self._give_back, self._fps = finished, give_back, fps
        self._is_hidden = is_hidden
        self._clock = clock
        self._pace = OutputClock(fps, clock.now())
        self._sending = threading.Lock()
        self._shown: Finished | None = None
        self._shown_since: float  # while something is shown
        self._hidden_before = float("-inf")
        self.placeholder = placeholder
        self.rate, self.latencies = Rate(clock.now), Latencies()
        self.sent = self.fresh = 0

    @property
    def shows_person(self) -> bool:
        """Whether viewers currently see more than the background or the placeholder."""
        shown = self._shown
        return shown is not None and shown.shows_person

    def hide_earlier(self) -> None:
        """Stop showing anything captured before now.

        Waits for a frame that is being sent, unless the sink hangs: once this returns, no other
        frame captured earlier is sent.
        """
        self._hidden_before = self._clock.now()
        if self._sending.acquire(timeout=_HANGS_SECONDS):
            self._sending.release()

    def may_show(self, captured: float) -> bool:
        """Whether a frame captured then may be shown now."""
        is_stale = self._clock.now() - captured > STALE_SECONDS
        return not (is_stale or self._is_hidden() or captured < self._hidden_before)

    def send_next(self, sink: Sink, fps_in: float) -> None:
        """Wait until a frame is due, and send it.

        Args:
            sink: Where it goes.
            fps_in: The source's rate: a slightly late frame is worth waiting for only if the source
                is as fast as the output.

        Raises:
            SinkError: The frame was not taken.
        """
        steady = fps_in > 0.9 * self._fps
        finished = self._finished.take(self._pace.patience(self._clock.now(), steady))
        with self._sending:  # deciding and sending are one atomic step: see `hide_earlier`
            now = self._clock.now()
            is_new = finished is not None and self._take(finished, now)
            self._drop_what_may_not_be_shown(now)
            self._send(sink, now, new=finished is not None)
            if is_new and self._shown is not None:
                self.fresh += 1
                self.latencies.add(self._clock.now() - self._shown.captured)

    def send_placeholder(self, sink: Sink) -> None:
        """Send the placeholder at once, whether or not a frame is due.

        Raises:
            SinkError: It was not taken.
        """
        self._show(None)
        self._send(sink, self._clock.now(), new=False)

    def _send(self, sink: Sink, now: float, new: bool) -> None:
        sink.send(self.placeholder if self._shown is None else self._shown.frame)
        self._pace.sent(now, new)
        self.sent += 1
        self.rate.tick()

    def _take(self, finished: Finished, now: float) -> bool:
        """Make `finished` the frame to show, if it may be shown."""
        if not self.may_show(finished.captured):
            self._give_back(finished.frame)
            return False
        self._show(finished)
        self._shown_since = now
        return True

    def _drop_what_may_not_be_shown(self, now: float) -> None:
        shown = self._shown
        if shown is not None and (
            self._is_hidden()
            or shown.captured < self._hidden_before
            or now - self._shown_since > STALE_SECONDS
        ):
            self._show(None)

    def _show(self, finished: Finished | None) -> None:
        if self._shown is not None:
            self._give_back(self._shown.frame)
        self._shown = finished
