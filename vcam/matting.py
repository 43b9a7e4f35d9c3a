"""The public API: frames in, their alphas, cut-outs and composites out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np
import numpy.typing as npt

from vcam.config import Config
from vcam.config.override import background_color, configured
from vcam.config.schema.matte import Quality
from vcam.finish.bleed import bleed
from vcam.finish.foreground import Foreground
from vcam.framing.private import hidden_in, hide
from vcam.images.arrays import (
    Order,
    Picture,
    check_alpha,
    check_frame,
    check_order,
    described,
    is_bytes,
)
from vcam.images.resizing import halve
from vcam.images.types import Alpha, Image, Mask
from vcam.media import VideoFrame, read_video
from vcam.pipeline.build import make_matte, private_areas
from vcam.pipeline.cutter import Cutter
from vcam.segmenters import make_segmenter, models
from vcam.segmenters.quality import needed_models

_STEP = 1 / 30


class Matting:
    """Segmenter and matte exactly as in a live call.

    Use one instance per stream, since earlier frames help with the next one. Any thread may call
    it, but only one at a time.

    Example:
        >>> with vcam.Matting(quality="best") as matting:
        ...     alpha = matting.process(vcam.read_picture("me.jpg"))

    Args:
        config: A `Config`, the path of a YAML file, or None for the defaults.
        quality: In place of the configuration's `matte.quality`: fast, balanced, best
            or studio.
        backend: In place of `segmentation.backend`: hybrid, mediapipe, mog2 or chroma.
        order: Channel order of all pictures, in and out.

    Raises:
        ValueError: An argument has none of these values.
        ConfigError: The YAML file cannot be used.
        ModelError: The model file is not there and could not be fetched.
    """

    def __init__(
        self,
        config: Config | Path | str | None = None,
        *,
        quality: Quality | None = None,
        backend: str | None = None,
        order: Order = "bgr",
    ) -> None:
        check_order(order)
        config = configured(config, quality, backend)
        models.ensure(needed_models(config.segmentation, config.matte.quality))
        self._segmenter = make_segmenter(config.segmentation, config.matte.quality)
        self._cutter = Cutter(self._segmenter, make_matte(config.matte))
        self._private = private_areas(config)
        self._foreground = Foreground(config.finish.decontaminate)
        self._is_rgb = order == "rgb"
        self._time: float | None = None
        self._busy = threading.Lock()
        self._is_closed = False

    def __enter__(self) -> Matting:
        """Return the instance; it is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def process(self, frame: Picture, time: float | None = None) -> Alpha:
        """Find the person in the stream's next frame.

        Args:
            frame: uint8 (h, w, 3), in the channel order chosen.
            time: When it was captured, in seconds; None means 1/30 s after the last one.

        Returns:
            uint8 (h, w), a new array, 255 = person; all 0 while the segmenter has no answer.

        Raises:
            ValueError: `frame` is not such an array, or is empty; `time` is not later than that of
                the last frame.
            RuntimeError: Another thread is using this instance, or it is closed.
            SegmenterError: The segmenter failed on this frame.
        """
        check_frame(frame)
        with self._at_work():
            return self._alpha(self._bgr(frame), self._next_time(time))

    def cut_out(self, frame: Picture, time: float | None = None) -> Image:
        """Cut the person out of the stream's next frame.

        Returns:
            uint8 (h, w, 4), a new array: the person's own colours in the channel order chosen, then
            straight alpha. Where that is 0, nothing of the room is left.

        Raises:
            As `process`.
        """
        check_frame(frame)
        with self._at_work():
            bgr = self._bgr(frame)
            alpha = self._alpha(bgr, self._next_time(time))
            planes = self._own_colors(bgr, alpha)
            for plane in planes:
                bleed(plane, alpha, 0)
            return np.asarray(cv2.merge([*self._ordered(planes), alpha]), np.uint8)

    def composite(
        self, frame: Picture, background: Picture | str, time: float | None = None
    ) -> Image:
        """Composite the person of the stream's next frame over another background.

        Args:
            frame: As for `process`.
            background: A picture of the same size and channel order; or a colour as in the YAML
                file, such as "navy" or "#00b140".
            time: As for `process`.

        Returns:
            uint8 (h, w, 3), a new array.

        Raises:
            ValueError: `background` is neither such a picture nor a colour; or as `process`.
            RuntimeError: As `process`.
            SegmenterError: As `process`.
        """
        check_frame(frame)
        behind = self._behind(background, frame.shape)
        with self._at_work():
            bgr = self._bgr(frame)
            alpha = self._alpha(bgr, self._next_time(time))
            front = cv2.merge(self._ordered(self._own_colors(bgr, alpha))).astype(np.float32)
        weight = (alpha.astype(np.float32) / 255)[..., None]
        return np.rint(behind + weight * (front - behind)).astype(np.uint8)

    def stills(self, frames: Iterable[Picture]) -> Iterator[Alpha]:
        """The alphas of several unrelated pictures.

        Raises:
            As `process`, when a picture is reached.
        """
        for frame in frames:
            self.reset()
            yield self.process(frame)

    def video(self, path: Path | str) -> Iterator[VideoFrame]:
        """The frames of a video file with their timestamps and alphas.

        Frames that cannot be decoded are skipped. The file begins a new stream.

        Raises:
            SourceError: The file is missing, or not a video.
            RuntimeError: As `process`.
            SegmenterError: As `process`.
        """
        self.reset()
        for time, frame in read_video(path, order="rgb" if self._is_rgb else "bgr"):
            yield VideoFrame(time, frame, self.process(frame, time))

    def foreground(self, frame: Picture, alpha: Alpha | Mask) -> Image:
        """The colours to composite: the person's own, decontaminated of the room's as configured.

        Args:
            frame: As for `process`.
            alpha: uint8 (h, w) in 0..255 or float32 (h, w) in 0..1, as found for that frame.

        Returns:
            uint8 (h, w, 3), a new array in the frame's channel order; it differs from `frame` only
            where the mean of `alpha` over 2x2 pixels is neither 0 nor 255.

        Raises:
            ValueError: `frame` or `alpha` is not such an array, or is empty.
            RuntimeError: Another thread is using this instance, or it is closed.
        """
        check_frame(frame)
        check_alpha(alpha, frame.shape[:2])
        if alpha.dtype != np.uint8:
            alpha = np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)
        with self._at_work():
            planes = self._own_colors(self._bgr(frame), np.asarray(alpha, np.uint8))
            return np.asarray(cv2.merge(self._ordered(planes)), np.uint8)

    def reset(self) -> None:
        """Forget all earlier frames and their times, to begin a new stream.

        Raises:
            RuntimeError: Another thread is using this instance, or it is closed.
        """
        with self._at_work():
            self._time = None
            self._cutter.reset()

    def close(self) -> None:
        """Free the segmenter, after waiting for a call in another thread."""
        with self._busy:
            if not self._is_closed:
                self._is_closed = True
                self._segmenter.close()

    def _alpha(self, bgr: Image, time: float) -> Alpha:
        height, width = bgr.shape[:2]
        cutout = self._cutter.cut(bgr, time)
        if cutout is None:
            return np.zeros((height, width), np.uint8)
        if self._private:
            hide(cutout, hidden_in(self._private.drawn(width, height)))
        return cutout.alpha.copy()

    def _own_colors(self, bgr: Image, alpha: Alpha) -> list[npt.NDArray[np.uint8]]:
        """Blue, green and red of the person: new arrays."""
        planes = [np.asarray(plane, np.uint8) for plane in cv2.split(bgr)]
        half = np.empty([(side + 1) // 2 for side in alpha.shape], np.uint8)
        halve(alpha, half)
        self._foreground.clean(planes, half)
        return planes

    def _bgr(self, frame: Picture) -> Image:
        bgr = np.ascontiguousarray(frame[..., ::-1] if self._is_rgb else frame, np.uint8)
        return self._private.cover(bgr)

    def _ordered(self, planes: list[npt.NDArray[np.uint8]]) -> list[npt.NDArray[np.uint8]]:
        return planes[::-1] if self._is_rgb else planes

    def _next_time(self, time: float | None) -> float:
        last = self._time
        if time is None:
            time = _STEP if last is None else last + _STEP
        elif not np.isfinite(time) or (last is not None and time <= last):
            raise ValueError(
                f"time must be later than that of the last frame, {last} s, not {time} s; "
                "reset() begins a new stream"
            )
        self._time = float(time)
        return self._time

    def _behind(self, background: Picture | str, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        if isinstance(background, str):
            rgb = background_color(background)
            return np.asarray(rgb if self._is_rgb else rgb[::-1], np.float32)
        if is_bytes(background) and background.shape == shape:
            return background.astype(np.float32)
        raise ValueError(
            f"background must be uint8 {shape}, like the frame, or a colour such as "
            f'"navy", not {described(background)}'
        )

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise RuntimeError(
                "this vcam.Matting is at work in another thread; make one for each stream"
            )
        try:
            if self._is_closed:
                raise RuntimeError("this vcam.Matting is closed; make a new one")
            yield
        finally:
            self._busy.release()
