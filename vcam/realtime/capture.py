"""The capture thread: keeps a source open and hands over its newest frame."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from vcam.errors import SourceError, VcamError
from vcam.images.types import Frame
from vcam.realtime.clock import CLOCK, Clock
from vcam.realtime.pacing import Beat
from vcam.realtime.slot import Latest
from vcam.realtime.status import Rate
from vcam.sources.base import Source

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Between two attempts to reopen a source that was lost."""

_FIRST_RETRY_SECONDS = 0.1
"""Before the first attempt: often only the stream died and the device is still there."""

_GAP_SECONDS, _SLOWEST_START_SECONDS = 1.0, 10.0
"""When a live source has not been read for this long (for the first frame: since opening began),
the process was stopped or the computer suspended, and the next frames are old ones."""
_KEPT_FRAMES = 5
"""How many old frames a driver may hold then: four buffers, and the one being read."""


@dataclass(frozen=True)
class _Wish:
    """What the thread should do; compared by identity."""

    open_source: Callable[[], Source]
    held: bool
    stopped: bool = False


class Capture:
    """Reads a source in a thread of its own, and reopens a source that was lost.

    Args:
        open_source: Opens it; called again after a loss.
        held: Start without opening the source.
        awaited: Keep trying a source that cannot be opened at the start, as if it had been lost.
        check: Raises a `VcamError` if the source is missing, without opening it; called while the
            source is held.
        on_other: Called before the first frame of a source that may show a different room: it was
            replaced, or its description changed.
        clock: Source of the frames' timestamps.

    Attributes:
        frames: The slot with the newest frame.
        rate: Of frames from the source.
        refused: Why the source could not be opened at the start, or failed before its first frame;
            the thread has ended then. Never set if it was held or awaited.
        lost: Why there are no frames now, or why there could be none while the source is held;
            empty if nothing is wrong.
        has_begun: Whether the open source has delivered a frame.
        description: Of the open source, or of the last one.
    """

    def __init__(
        self,
        open_source: Callable[[], Source],
        held: bool = False,
        on_other: Callable[[], None] = lambda: None,
        awaited: bool = False,
        check: Callable[[], None] = lambda: None,
        clock: Clock = CLOCK,
    ) -> None:
        self._on_other, self._check, self._clock = on_other, check, clock
        self._used: tuple[Callable[[], Source], str] | None = None
        self._wish = _Wish(open_source, held)
        self._changed = threading.Condition()
        self._must_succeed = not (held or awaited)
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self.frames: Latest[Frame] = Latest(clock)
        self.rate = Rate(clock.now)
        self.refused: Exception | None = None
        self.lost = ""
        self.has_begun = False
        self.description = ""

    def start(self) -> None:
        """Start the thread; from now on `lost` reports a source that is held and missing."""
        if self._wish.held:
            self._look_for_it()
        self._thread.start()

    def hold(self, held: bool) -> None:
        """Release the source, or open it again."""
        if held != self._wish.held:
            self._must_succeed = self.has_begun = False
            self._change(held=held)

    def replace(self, open_source: Callable[[], Source]) -> None:
        """Go over to another source."""
        self._change(open_source=open_source)

    def stop(self) -> None:
        """Release the source and end the thread."""
        self._change(stopped=True)

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False where it still hangs in the source."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _change(self, **wanted: object) -> None:
        with self._changed:
            self._wish = replace(self._wish, **wanted)  # type: ignore[arg-type]
            self._changed.notify_all()

    def _lasts(self, wish: _Wish, seconds: float | None) -> bool:
        """Wait up to that long for another wish; False if one came."""
        with self._changed:
            return not self._clock.wait(self._changed, lambda: self._wish is not wish, seconds)

    def _run(self) -> None:
        while self.refused is None and not (wish := self._wish).stopped:
            if wish.held:
                self._rest(wish)
                continue
            try:
                self._use(wish)
            except VcamError as error:
                self._lose(error, wish)
            except Exception as error:
                logger.exception("the source failed")
                self._lose(SourceError(f"the source failed ({error!r})"), wish)

    def _rest(self, wish: _Wish) -> None:
        """Wait for another wish; if the source is missing, only until the next check."""
        self._look_for_it()
        self._lasts(wish, RETRY_SECONDS if self.lost else None)

    def _look_for_it(self) -> None:
        missing = ""
        try:
            self._check()
        except VcamError as error:
            missing = str(error)
            if missing != self.lost:
                logger.warning("%s; looking again every %g s", error, RETRY_SECONDS)
        except Exception as error:
            missing = f"whether the source is there cannot be told ({error!r})"
            if missing != self.lost:
                logger.exception("%s; looking again every %g s", missing, RETRY_SECONDS)
        self.lost = missing

    def _use(self, wish: _Wish) -> None:
        began = self._clock.now()
        source = wish.open_source()
        try:
            self.description = source.description
            if self._used not in (None, (wish.open_source, self.description)):
                self._on_other()
            self._used = wish.open_source, self.description
            self.has_begun = False
            logger.info("source: %s", source.description)
            self._read(source, wish, began)
        finally:
            source.close()

    def _read(self, source: Source, wish: _Wish, began: float) -> None:
        """Read until another wish comes or the source fails."""
        beat = Beat(0.0 if source.live else source.fps, self._clock.now())
        backlog = _Backlog(source.fps, began)
        while self._lasts(wish, beat.seconds_left(self._clock.now())):
            image = source.read()
            if image is None:
                raise SourceError(f"{source.description} has ended")
            now = self._clock.now()
            if source.live and backlog.has(now):
                continue
            self.lost, self._must_succeed, self.has_begun = "", False, True
            self.rate.tick()
            self.frames.put(Frame(image, now))

    def _lose(self, error: VcamError, wish: _Wish) -> None:
        if self._must_succeed:
            self.refused = error
            return
        if str(error) != self.lost:
            logger.warning("%s; trying again every %g s", error, RETRY_SECONDS)
        pause = RETRY_SECONDS if self.lost else min(_FIRST_RETRY_SECONDS, RETRY_SECONDS)
        self.lost = str(error)
        self._lasts(wish, pause)


class _Backlog:
    """Tells frames that a driver buffered while nobody was reading from current ones.

    Args:
        fps: Of the source; 0 if unknown.
        began: When opening began, seconds.
    """

    def __init__(self, fps: float, began: float) -> None:
        self._gap = max(_GAP_SECONDS, 2 / fps if fps else 0.0)
        self._longest, self._last, self._left = _SLOWEST_START_SECONDS, began, 0
        self._waits = deque([0.0] * _KEPT_FRAMES, maxlen=_KEPT_FRAMES)

    def has(self, now: float) -> bool:
        """Whether the frame read at `now` belongs to the backlog."""
        wait, self._last = now - self._last, now
        self._waits.append(wait)
        usual = min(self._waits)
        if wait > self._longest:
            logger.info("nothing was read for %.0f s: what was captured is old", wait)
            self._left = _KEPT_FRAMES
        elif usual > self._gap:  # a slow source: buffered frames would have come immediately
            self._left = 0
        self._longest = max(self._gap, 2 * usual)
        is_old = self._left > 0
        self._left -= is_old
        return is_old
