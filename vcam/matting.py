"""The public API for notebooks and for scoring: a frame in, its alpha out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vcam.config import Config, load_config
from vcam.frames import Alpha, Image
from vcam.matte import Matte
from vcam.segmenters import make_segmenter, models

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
        if config.segmentation.backend == "mediapipe":
            models.ensure(config.segmentation.mediapipe.model)
        self._segmenter = make_segmenter(config.segmentation)
        self._matte = Matte(config.matte.threshold, config.matte.softness)
        self._time = 0.0

    def process(self, frame: Image) -> Alpha:
        """Find the person in the stream's next frame.

        Args:
            frame: uint8 (h, w, 3), BGR.

        Returns:
            uint8 (h, w), a new array, 255 = person; all 0 while the segmenter is learning.

        Raises:
            ValueError: `frame` is no such array.
            SegmenterError: The segmenter failed on this frame.
        """
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
            raise ValueError(f"frame must be uint8 (h, w, 3), not {frame.dtype} {frame.shape}")
        height, width = frame.shape[:2]
        self._time += _STEP
        mask = self._segmenter.segment(frame, self._time)
        if mask is None:
            return np.zeros((height, width), np.uint8)
        return self._matte.refine(mask, width, height).alpha.copy()

    def reset(self) -> None:
        """Forget all earlier frames, as before a new stream."""
        self._segmenter.reset()

    def close(self) -> None:
        """Free the segmenter."""
        self._segmenter.close()
