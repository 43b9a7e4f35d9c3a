"""The public API for notebooks and for scoring: a frame in, its alpha and clean colours out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from vcam.config import Config, load_config
from vcam.finish.foreground import Foreground
from vcam.images.resizing import halve
from vcam.images.types import Alpha, Image, Mask
from vcam.pipeline.build import make_matte
from vcam.pipeline.cutter import Cutter
from vcam.segmenters import make_segmenter, models
from vcam.segmenters.quality import needed_models

_STEP = 1 / 30


class Matting:
    """Segmenter and matte exactly as the pipeline runs them.

    One instance per stream: what it has seen helps with the next frame. It may be called from any
    thread, but from one at a time.

    Example:
        >>> matting = vcam.Matting()
        >>> alpha = matting.process(cv2.imread("me.jpg"))

    Args:
        config: A `Config`, the path of a YAML file, or None for the defaults.

    Raises:
        ValueError: `config` is none of these.
        ConfigError: The YAML file cannot be used.
        ModelError: The model file is not there and could not be fetched.
    """

    def __init__(self, config: Config | Path | str | None = None) -> None:
        if not isinstance(config, Config):
            _check_config(config)
            config = Config() if config is None else load_config(Path(config))
        models.ensure(needed_models(config.segmentation, config.matte.quality))
        self._segmenter = make_segmenter(config.segmentation, config.matte.quality)
        self._cutter = Cutter(self._segmenter, make_matte(config.matte))
        self._foreground = Foreground(config.finish.decontaminate)
        self._time = 0.0
        self._busy = threading.Lock()
        self._is_closed = False

    def process(self, frame: Image) -> Alpha:
        """Find the person in the stream's next frame.

        Args:
            frame: uint8 (h, w, 3), BGR.

        Returns:
            uint8 (h, w), a new array, 255 = person; all 0 while the segmenter cannot know.

        Raises:
            ValueError: `frame` is no such array, or an empty one.
            RuntimeError: Another thread is using this instance, or it is closed.
            SegmenterError: The segmenter failed on this frame.
        """
        _check_frame(frame)
        height, width = frame.shape[:2]
        with self._at_work():
            self._time += _STEP
            cutout = self._cutter.cut(np.ascontiguousarray(frame), self._time)
            return np.zeros((height, width), np.uint8) if cutout is None else cutout.alpha.copy()

    def foreground(self, frame: Image, alpha: Alpha | Mask) -> Image:
        """The colours to composite: the person's own, cleaned of the room's as configured.

        Args:
            frame: uint8 (h, w, 3), BGR.
            alpha: uint8 (h, w) in 0..255 or float32 (h, w) in 0..1, as found for that frame.

        Returns:
            uint8 (h, w, 3), BGR, a new array; it differs from `frame` only where the mean of
            `alpha` over two by two pixels is in between.

        Raises:
            ValueError: `frame` or `alpha` is no such array, or an empty one.
            RuntimeError: Another thread is using this instance, or it is closed.
        """
        _check_frame(frame)
        _check_alpha(alpha, frame.shape[:2])
        with self._at_work():
            return self._cleaned(frame, alpha)

    def _cleaned(self, frame: Image, alpha: Alpha | Mask) -> Image:
        if alpha.dtype != np.uint8:
            alpha = np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)
        planes = [np.asarray(plane, np.uint8) for plane in cv2.split(frame)]
        half = np.empty([(side + 1) // 2 for side in alpha.shape], np.uint8)
        halve(np.asarray(alpha, np.uint8), half)
        self._foreground.clean(planes, half)
        return np.asarray(cv2.merge(planes), np.uint8)

    def reset(self) -> None:
        """Forget all earlier frames, as before a new stream.

        Raises:
            RuntimeError: Another thread is using this instance, or it is closed.
        """
        with self._at_work():
            self._cutter.reset()

    def close(self) -> None:
        """Free the segmenter, once another thread is done with it."""
        with self._busy:
            if not self._is_closed:
                self._is_closed = True
                self._segmenter.close()

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


def _check_config(config: object) -> None:
    if not isinstance(config, (str, Path, type(None))):
        raise ValueError(f"config must be a vcam.Config, a path or None, not {_told(config)}")


def _check_frame(frame: object) -> None:
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or not _is_picture(frame.shape):
        hint = "; cv2.imread gives None for what it cannot read" if frame is None else ""
        raise ValueError(f"frame must be uint8 (h, w, 3), not {_told(frame)}{hint}")


def _is_picture(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[2] == 3 and 0 not in shape


def _check_alpha(alpha: object, shape: tuple[int, ...]) -> None:
    if not isinstance(alpha, np.ndarray) or alpha.dtype not in (np.uint8, np.float32):
        raise ValueError(f"alpha must be uint8 or float32 {shape}, not {_told(alpha)}")
    if alpha.shape != shape:
        raise ValueError(f"alpha must be uint8 or float32 {shape}, not {_told(alpha)}")
    if not np.isfinite(alpha).all():
        raise ValueError(f"alpha must be float32 {shape} in 0..1, not with values like nan and inf")


def _told(value: object) -> str:
    """What something is, for a message."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    return "None" if value is None else f"of type {type(value).__name__}"
