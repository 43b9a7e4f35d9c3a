"""Several pictures in turn."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2

from vcam.backgrounds.base import Steady
from vcam.backgrounds.fitting import Fitting
from vcam.backgrounds.playclock import PlayClock
from vcam.backgrounds.playlist import Playlist
from vcam.backgrounds.worker import MakeWorker, ThreadWorker
from vcam.errors import BackgroundError, PictureError
from vcam.images.picture_files import load_picture
from vcam.images.types import I420, Alpha

_LOADING_SECONDS = 2.0
"""How long before its turn a picture is loaded; at most half the interval."""


class _Slide(NamedTuple):
    path: Path
    frame: I420  # never written to again
    at_once: bool


class SlideshowBackground(Steady):
    """Pictures in turn, with cross-fades; implements `Background` and `Stepping`.

    A thread finds and loads the next picture. Files that cannot be shown are skipped and named in
    `problem`; if no other picture is left, the last one stays.

    Args:
        playlist: The pictures.
        fitting: Where they go in the frame, and the frame's size.
        interval: Seconds from one picture to the next, counted while frames are painted.
        fade: Seconds in which one turns into the next.
        make_worker: Makes the worker that loads; a thread by default.

    Raises:
        BackgroundError: There is no picture that can be shown.
    """

    def __init__(
        self,
        playlist: Playlist,
        fitting: Fitting,
        interval: float,
        fade: float,
        make_worker: MakeWorker = ThreadWorker,
    ) -> None:
        self._playlist, self._fitting = playlist, fitting
        self._interval, self._fade = interval, fade
        self._ahead = min(_LOADING_SECONDS, interval / 2)
        self._broken: dict[Path, str] = {}
        self._problem = ""
        self._shown = self._first()
        self._coming: _Slide | None = None
        self._clock = PlayClock()
        self._since, self._ask_at = 0.0, interval - self._ahead
        self._mixed = I420(fitting.width, fitting.height)
        self._lock = threading.Lock()  # for these three, and never held for long
        self._steps, self._is_due = 0, False
        self._loaded: _Slide | None = None
        self._worker = make_worker(self._load_next, lambda: None)

    @property
    def problem(self) -> str:
        """Which pictures cannot be shown, or that none are left."""
        return self._problem

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The current picture, or a cross-fade from the one before."""
        played = self._clock.advance(time)
        if self._coming is None:
            self._coming = self._take(played)
        if self._coming is None:
            return self._shown.frame
        share = min((played - self._since) / self._fade, 1.0) if self._fade else 1.0
        if share == 1.0:
            self._shown, self._coming = self._coming, None
            return self._shown.frame
        after, before = self._coming.frame.data, self._shown.frame.data
        cv2.addWeighted(after, share, before, 1 - share, 0, dst=self._mixed.data)
        return self._mixed

    def cover(self, time: float) -> I420:
        """The current picture, or the last one shown."""
        return self._shown.frame

    def step(self, by: int) -> None:
        """Go `by` pictures on, or back where negative, as soon as that one is loaded."""
        with self._lock:
            self._steps += by
        self._worker.wake()

    def close(self) -> None:
        """Stop loading."""
        self._worker.close()

    # -- the render thread ---------------------------------------------------------------

    def _take(self, played: float) -> _Slide | None:
        """The loaded picture if its turn has come; requests one in advance."""
        if played >= self._ask_at:
            self._ask_at = played + self._interval  # in case that fails
            with self._lock:
                self._is_due = True
            self._worker.wake()
        with self._lock:
            slide = self._loaded
            if slide is None or not (slide.at_once or played - self._since >= self._interval):
                return None
            self._loaded = None
        self._since = played
        self._ask_at = played + self._interval - self._ahead
        return slide

    # -- the worker ----------------------------------------------------------------------

    def _load_next(self) -> bool:
        """Load the requested picture; False if none was requested."""
        with self._lock:
            steps, is_due = self._steps, self._is_due
            self._steps, self._is_due = 0, False
            stepped = self._loaded if self._loaded and self._loaded.at_once else None
            before = stepped or self._coming or self._shown
        if not steps and not is_due:
            return False
        slide = self._load_any(self._playlist.after(before.path, steps or 1), steps != 0)
        if slide is not None:
            with self._lock:
                self._loaded = slide
        self._tell()
        return True

    def _first(self) -> _Slide:
        pictures = self._playlist.pictures()
        slide = self._load_any(pictures, at_once=True)
        self._tell()
        if slide is None:
            raise BackgroundError(
                self._problem if pictures else f"{self._playlist.name} has no pictures",
                "put JPEG, PNG or WebP files there",
            )
        return slide

    def _load_any(self, pictures: Sequence[Path], at_once: bool) -> _Slide | None:
        """The first that can be loaded."""
        for path in pictures:
            try:
                frame = self._fitting.still(load_picture(path, self._fitting.place))
            except PictureError as error:
                self._broken[path] = error.problem
            else:
                self._broken.pop(path, None)
                return _Slide(path, frame, at_once)
        return None

    def _tell(self) -> None:
        """Bring `problem` up to date."""
        there = set(self._playlist.pictures())
        self._broken = {path: why for path, why in self._broken.items() if path in there}
        skipped = list(self._broken.values())
        if not there:
            self._problem = f"{self._playlist.name} has no pictures any more; the last one stays"
        elif skipped:
            more = f"; left out, with {len(skipped) - 1} more" if skipped[1:] else " (skipped)"
            self._problem = skipped[0] + more
        else:
            self._problem = ""
