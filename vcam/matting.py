"""The public API for notebooks and for scoring: a frame in, its alpha and clean colours out."""

from __future__ import annotations

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
    """Segmenter and matte exactly as the pipeline runs them. One instance per stream.

    Example:
        >>> matting = vcam.Matting()
        >>> alpha = matting.process(cv2.imread("me.jpg"))

    Args:
        config: A `Config`, the path of a YAML file, or None for the defaults.

    Raises:
        ConfigError: The YAML file cannot be used.
        ModelError: The model file is not there and could not be fetched.
    """

    def __init__(self, config: Config | Path | str | None = None) -> None:
        if not isinstance(config, Config):
            config = Config() if config is None else load_config(Path(config))
        models.ensure(needed_models(config.segmentation, config.matte.quality))
        self._segmenter = make_segmenter(config.segmentation, config.matte.quality)
        self._cutter = Cutter(self._segmenter, make_matte(config.matte))
        self._foreground = Foreground(config.finish.decontaminate)
        self._time = 0.0

    def process(self, frame: Image) -> Alpha:
        """Find the person in the stream's next frame.

        Args:
            frame: uint8 (h, w, 3), BGR.

        Returns:
            uint8 (h, w), a new array, 255 = person; all 0 while the segmenter cannot know.

        Raises:
            ValueError: `frame` is no such array.
            SegmenterError: The segmenter failed on this frame.
        """
        _check_frame(frame)
        height, width = frame.shape[:2]
        self._time += _STEP
        cutout = self._cutter.cut(frame, self._time)
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
            ValueError: `frame` or `alpha` is no such array.
        """
        _check_frame(frame)
        if alpha.shape != frame.shape[:2] or alpha.dtype not in (np.uint8, np.float32):
            raise ValueError(
                f"alpha must be uint8 or float32 {frame.shape[:2]}, not {alpha.dtype} {alpha.shape}"
            )
        if alpha.dtype != np.uint8:
            alpha = np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)
        planes = [np.asarray(plane, np.uint8) for plane in cv2.split(frame)]
        half = np.empty([(side + 1) // 2 for side in alpha.shape], np.uint8)
        halve(np.asarray(alpha, np.uint8), half)
        self._foreground.clean(planes, half)
        return np.asarray(cv2.merge(planes), np.uint8)

    def reset(self) -> None:
        """Forget all earlier frames, as before a new stream."""
        self._cutter.reset()

    def close(self) -> None:
        """Free the segmenter."""
        self._segmenter.close()


def _check_frame(frame: Image) -> None:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise ValueError(f"frame must be uint8 (h, w, 3), not {frame.dtype} {frame.shape}")
