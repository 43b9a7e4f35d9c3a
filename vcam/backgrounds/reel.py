"""A video in an endless loop, decoded slightly ahead."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from vcam.backgrounds.fitting import Fitting
from vcam.backgrounds.footage import Footage
from vcam.errors import BackgroundError, VcamError
from vcam.images.types import I420

logger = logging.getLogger(__name__)

_AHEAD = 4
_RETRY_SECONDS = 2.0
_LATEST = 0.25
"""If the decoder lags by more than this many seconds, the video is slowed down."""


class _Shot(NamedTuple):
    begin: float  # in seconds played
    frame: I420


class Reel:
    """Frames of the output's size, some decoded ahead, in a seamless loop.

    One thread calls `fill`, another calls `at`; neither waits for the other. All frames are
    allocated by the constructor.

    Args:
        open_footage: Opens the file at its beginning; called for every loop.
        fitting: Makes frames of the output's size.
        name: Of the file, for messages.

    Attributes:
        problem: Why it has stopped; empty while it plays.

    Raises:
        VcamError: The file cannot be opened, or has no picture that can be decoded.
    """

    def __init__(self, open_footage: Callable[[], Footage], fitting: Fitting, name: str) -> None:
        self._open, self._fitting, self._name = open_footage, fitting, name
        self._footage: Footage | None = open_footage()
        self._round_begin, self._shots, self._last_begin = 0.0, 0, 0.0
        self._is_still, self._skipped = False, False
        self._played, self._lag = 0.0, 0.0
        self._every = 0.0  # mean seconds between two calls of `at`
        self._retry_at = 0.0
        self.problem = ""
        self._free = deque(I420(fitting.width, fitting.height) for _ in range(_AHEAD))
        self._ready: deque[_Shot] = deque()
        while not self._ready:
            self._decode()
        self._shown = self._ready.popleft()

    # -- the thread that shows -----------------------------------------------------------

    def at(self, played: float) -> I420:
        """The frame that is due after `played` seconds; valid until the next call."""
        self._every += 0.1 * (min(played - self._played, 0.2) - self._every)
        self._played = played
        while self._ready and self._ready[0].begin <= played - self._lag:
            self._free.append(self._shown.frame)
            self._shown = self._ready.popleft()
        if not self._ready:  # late: go on from here, without catching up
            self._lag = max(self._lag, played - self._shown.begin - _LATEST)
        return self._shown.frame

    # -- the thread that decodes ---------------------------------------------------------

    def fill(self) -> bool:
        """Decode one more picture; False if none is needed or possible."""
        waits = self._footage is None and self._played < self._retry_at
        if self._is_still or waits or not self._free:
            return False
        try:
            self._decode()
        except VcamError as error:
            self._fail(str(error))
        except Exception as error:  # a bug must not end the video for good
            logger.exception("%s could not be decoded", self._name)
            self._fail(f'the video "{self._name}" could not be decoded ({error!r})')
        return True

    def close(self) -> None:
        """Close the file."""
        if self._footage is not None:
            self._footage.close()
            self._footage = None

    def _decode(self) -> None:
        """Advance by one picture, or to the first after the last."""
        if self._footage is None:
            self._footage, self._shots = self._open(), 0
        begin = self._footage.advance()
        if begin is None:
            self._finish_round(self._footage.end)
            return
        begin += self._round_begin
        self._skipped = not self._skipped and self._is_dispensable(begin)
        image = None if self._skipped else self._footage.image()
        if image is not None:
            self._fitting.frame(image, self._free[0])
            self._ready.append(_Shot(begin, self._free.popleft()))
            self._last_begin = begin
            self.problem = ""
        if self._skipped or image is not None:
            self._shots += 1

    def _is_dispensable(self, begin: float) -> bool:
        """Whether a picture is too late, or too soon after the last one, to be seen."""
        is_late = begin < self._played - self._lag
        is_too_soon = begin - self._last_begin < 0.75 * self._every
        return self._shots > 0 and (is_late or is_too_soon)

    def _finish_round(self, length: float) -> None:
        self.close()
        if not self._shots:
            raise BackgroundError(f'"{self._name}" has no picture that can be decoded')
        self._round_begin += length
        self._is_still = self._shots == 1

    def _fail(self, problem: str) -> None:
        self.close()
        self.problem = problem
        self._retry_at = self._played + _RETRY_SECONDS
