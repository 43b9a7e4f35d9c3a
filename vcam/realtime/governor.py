"""Doing less for a frame while the computer is too slow or too busy for all of it.

On battery everything is saved that can be: a call that ends early is worse than softer edges.

Else it goes by wall time: on a machine that is busy with something else, the CPU time of a frame
means nothing. Quality is lowered quickly and raised slowly, more slowly after each raise that
proved premature, so that it does not oscillate. Pure arithmetic on times.

There is no level that renders only every second frame: frames that cannot be kept up with are
dropped anyway, picture and mask together. That gave 28 new pictures a second under a load where
rendering every third of 60 gave 18, with no lower latency.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

logger = logging.getLogger(__name__)

_LATE = 0.9
"""Age from which a finished frame is late, in frame periods."""
_MANY_LATE, _FEW_LATE = 0.25, 0.1
"""Share of late frames that lowers the quality, and the largest that may raise it."""
_ROOM = 0.8
"""Quality is raised only while a frame's mean cost is below this share of the frame period."""
_WINDOW = 1.0
"""Length of the window that is judged, seconds."""
_FEWEST = 8
"""Fewest frames in that window."""
_PATIENCE, _LONGEST_PATIENCE = 10.0, 640.0
"""Seconds with headroom before quality is raised: at first, and after many failed attempts."""
_TRIAL = 30.0
"""Seconds after which a raise counts as successful."""
_PAUSE = 1.0
"""Seconds without a frame after which earlier measurements are discarded."""


class Governor:
    """Chooses how much work a frame gets. One thread uses it; any may read its attributes.

    Only the fineness of edges is reduced; how a mask is found and confirmed stays the same.

    Args:
        fps: The output's rate.

    Attributes:
        level: How many of the savings to apply to the next frame, in order.
        on_battery: Whether the computer runs on its battery: all savings are made then. To be
            set by whoever knows.
        problem: What quality was lowered to, and why; empty while it is as configured.
    """

    def __init__(self, fps: float) -> None:
        self._period, self._interval = 1 / fps, 0.0
        self._last = (float("-inf"), 0)
        self._taken = 0.0
        self._clear_since: float | None = None
        self._raised_at: float | None = None
        self._patience = _PATIENCE
        self.level, self.problem = 0, ""
        self.on_battery = self._spares = False
        self._savings: tuple[str, ...] = ()
        self._begin(0.0)

    def took(self, captured: float, now: float, dropped: int) -> None:
        """Note that rendering a frame begins.

        Args:
            captured: When it was captured, seconds.
            now: Seconds on the same clock.
            dropped: Frames so far that were replaced before they were rendered.
        """
        since, passed = captured - self._last[0], 1 + dropped - self._last[1]
        self._last = captured, dropped
        self._taken = now
        if since > _PAUSE + 2 * self._interval:
            self._clear_since = None
            self._begin(now)
        else:
            change = since / passed - self._interval
            self._interval += change * (0.1 if self._interval else 1)

    def finished(self, now: float, savings: Sequence[str] = ("half detail",)) -> None:
        """Note that the frame is finished.

        Args:
            now: Seconds.
            savings: The savings there are, in order, in words.
        """
        if self.on_battery != self._spares:
            self._spares = self.on_battery
            self._start_over(savings)
            self._begin(now)
        elif tuple(savings) != self._savings:  # the stages were swapped
            self._start_over(savings)
        if not savings or self._spares:
            return
        available = max(self._period, self._interval)
        self._frames += 1
        self._late += now - self._last[0] > _LATE * available
        self._busy += now - self._taken
        if now - self._since >= _WINDOW and self._frames >= _FEWEST:
            self._judge(now, available, savings)
            self._begin(now)

    def _start_over(self, savings: Sequence[str]) -> None:
        """Do all that is configured, or on battery what is cheapest."""
        self._savings = tuple(savings)
        self.level, self.problem = 0, ""
        if self._spares and savings:
            self.level = len(savings)
            self.problem = f"lowered to {' and '.join(savings)}, to spare the battery"

    def _begin(self, now: float) -> None:
        self._since, self._frames, self._late, self._busy = now, 0, 0, 0.0

    def _judge(self, now: float, available: float, savings: Sequence[str]) -> None:
        """Lower, raise or keep the level."""
        if self._late >= _MANY_LATE * self._frames and self.level < len(savings):
            self._lower(now, available, " and ".join(savings[: self.level + 1]))
        elif self.level == 0:
            return
        elif self._late > _FEW_LATE * self._frames or self._mean >= _ROOM * available:
            self._clear_since = None
        else:
            self._clear_since = self._since if self._clear_since is None else self._clear_since
            if now - self._clear_since >= self._patience:
                self._raise(now, savings)

    @property
    def _mean(self) -> float:
        """Mean seconds per frame."""
        return self._busy / self._frames

    def _lower(self, now: float, available: float, saving: str) -> None:
        if self._raised_at is not None:
            failed = now - self._raised_at < _TRIAL
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE) if failed else _PATIENCE
        self._clear_since, self.level = None, self.level + 1
        self.problem = (
            f"lowered to {saving}, because this computer is slow or busy: a frame took "
            f"{1e3 * self._mean:.0f} ms, and {self._late} of {self._frames} were later than "
            f"{1e3 * _LATE * available:.0f} ms"
        )
        logger.warning("quality is %s", self.problem)

    def _raise(self, now: float, savings: Sequence[str]) -> None:
        self._raised_at, self._clear_since, self.level = now, None, self.level - 1
        if self.level:
            self.problem = (
                f"lowered to {' and '.join(savings[: self.level])}, because this computer is slow"
            )
            logger.warning("quality is %s", self.problem)
        else:
            self.problem = ""
            logger.warning("quality is what is configured again: there is room")
