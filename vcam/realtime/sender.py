"""The sender: decides what viewers see now, and keeps the rate they were promised."""

from __future__ import annotations

import time
from collections.abc import Callable

from vcam.images.types import I420
from vcam.realtime.pacing import OutputClock
from vcam.realtime.renderer import Finished
from vcam.realtime.slot import Latest
from vcam.realtime.status import Latencies, Rate
from vcam.sinks.base import Sink

STALE_SECONDS = 1.0
"""No viewer looks at a frozen person for longer than this."""


class Sender:
    """Sends the newest finished frame, the last one again, or the cover.

    One thread calls `send_next`; the rest may be called from any.

    Args:
        finished: Where the newest finished frame lies.
        give_back: Told which finished frame is no longer shown.
        cover: A picture with nothing of the room in it; never written to.
        fps: The promised rate.
        is_hidden: While it says True only the cover is shown. Asked for every frame, after the
            wait for it.

    Attributes:
        cover: Shown whenever a person may not be.
        rate: Of frames sent.
        latencies: From capture to sent.
        sent: How many frames were sent.
        fresh: How many of them showed a new picture.
    """

    def __init__(
        self,
        finished: Latest[Finished],
        give_back: Callable[[I420], None],
        cover: I420,
        fps: float,
        is_hidden: Callable[[], bool],
    ) -> None:
        self._finished, self._give_back, self._fps = finished, give_back, fps
        self._is_hidden = is_hidden
        self._clock = OutputClock(fps, time.monotonic())
        self._shown: Finished | None = None
        self._shown_since = 0.0
        self._hidden_before = 0.0
        self.cover = cover
        self.rate, self.latencies = Rate(), Latencies()
        self.sent = self.fresh = 0

    @property
    def shows_person(self) -> bool:
        """Whether viewers see more than a cover just now."""
        shown = self._shown
        return shown is not None and shown.shows_person

    def hide_earlier(self) -> None:
        """Show nothing any more that was captured before this moment."""
        self._hidden_before = time.monotonic()

    def may_show(self, captured: float) -> bool:
        """Whether what was captured at that moment may be shown now."""
        is_stale = time.monotonic() - captured > STALE_SECONDS
        return not (self._is_hidden() or is_stale or captured < self._hidden_before)

    def send_next(self, sink: Sink, fps_in: float) -> None:
        """Wait until a frame is due, and send it.

        Args:
            sink: Where it goes.
            fps_in: The source's rate: a frame that is a little late is worth waiting for only
                if the source is as fast as the output.

        Raises:
            SinkError: The frame was not taken.
        """
        steady = fps_in > 0.9 * self._fps
        finished = self._finished.take(self._clock.patience(time.monotonic(), steady))
        now, hidden = time.monotonic(), self._is_hidden()
        is_new = finished is not None and self._take(finished, now, hidden)
        self._drop_what_may_not_be_shown(now, hidden)
        sink.send(self.cover if self._shown is None else self._shown.frame)
        self._clock.sent(now, new=finished is not None)
        self.sent += 1
        self.rate.tick()
        if is_new and self._shown is not None:
            self.fresh += 1
            self.latencies.add(time.monotonic() - self._shown.captured)

    def send_cover(self, sink: Sink) -> None:
        """Send the cover at once, whether or not a frame is due.

        Raises:
            SinkError: It was not taken.
        """
        self._show(None)
        sink.send(self.cover)
        self._clock.sent(time.monotonic(), new=False)
        self.sent += 1
        self.rate.tick()

    def _take(self, finished: Finished, now: float, hidden: bool) -> bool:
        """Show `finished`, unless it may not be shown."""
        if hidden or finished.captured < self._hidden_before:
            self._give_back(finished.frame)
            return False
        self._show(finished)
        self._shown_since = now
        return True

    def _drop_what_may_not_be_shown(self, now: float, hidden: bool) -> None:
        shown = self._shown
        if shown is not None and (
            hidden
            or shown.captured < self._hidden_before
            or now - self._shown_since > STALE_SECONDS
        ):
            self._show(None)

    def _show(self, finished: Finished | None) -> None:
        if self._shown is not None:
            self._give_back(self._shown.frame)
        self._shown = finished
