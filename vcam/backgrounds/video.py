"""A video or an animation in a loop."""

from __future__ import annotations

from pathlib import Path

from vcam.backgrounds.base import Steady
from vcam.backgrounds.fitting import Fitting
from vcam.backgrounds.footage import open_footage
from vcam.backgrounds.playclock import PlayClock
from vcam.backgrounds.reel import Reel
from vcam.backgrounds.worker import MakeWorker, ThreadWorker
from vcam.images.types import I420, Alpha


class VideoBackground(Steady):
    """A video at its own rate, without its sound; implements `Background`.

    A thread decodes it a few frames ahead. While nothing is painted the video is paused.

    Args:
        path: A video, or an animated GIF, WebP, PNG or AVIF.
        fitting: Where it goes in the frame, and the frame's size.
        make_worker: Makes the worker that decodes; a thread by default.

    Raises:
        BackgroundError: It has no picture that can be decoded.
        VideoError: It is no video that can be decoded.
        PictureError: The file is missing, empty or no file, or the animation is too large.
    """

    def __init__(
        self, path: str | Path, fitting: Fitting, make_worker: MakeWorker = ThreadWorker
    ) -> None:
        path = Path(path)
        self._clock = PlayClock()
        self._reel = Reel(lambda: open_footage(path, fitting), fitting, str(path))
        self._first = I420(fitting.width, fitting.height)
        self._first.copy_from(self._reel.at(0.0))
        self._worker = make_worker(self._reel.fill, self._reel.close)
        self._worker.wake()

    @property
    def problem(self) -> str:
        """Why the video has stopped."""
        return self._reel.problem

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        """The video's frame that is due."""
        frame = self._reel.at(self._clock.advance(time))
        self._worker.wake()
        return frame

    def cover(self, time: float) -> I420:
        """The video's first frame."""
        return self._first

    def close(self) -> None:
        """Stop decoding and close the file."""
        self._worker.close()
