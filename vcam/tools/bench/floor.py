"""The floor: the least work of any bridge of this kind.

Decode the camera's JPEG, run the bare landscape network once at its own size, copy one I420
frame. There OpenCV decodes and MediaPipe Tasks runs that network, whatever the pipeline does, so
that ratios stay comparable; LiteRT's bare call is measured beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

import cv2
import numpy as np

from vcam.config.schema.segmentation import EngineName
from vcam.errors import ModelError, PlatformError
from vcam.images.types import I420, Plane
from vcam.segmenters.engines import make_engine
from vcam.tools.bench.stopwatch import Stopwatch

ENGINES: tuple[EngineName, ...] = ("tasks", "litert")
"""The engines whose bare calls are measured; that of Tasks is part of the floor."""

NETWORK = "landscape"
"""The cheapest network, independent of the pipeline's."""

DECODE, COPY = "floor decode", "floor copy"


class Floor:
    """Runs the floor's three parts on the pipeline's pictures.

    Args:
        width: Of the frames, pixels.
        height: Of the frames, pixels.
        watch: Times its parts.
        engines: The engines to measure; Tasks is always included.

    Raises:
        ModelError: The model file is missing, corrupt or of no use to Tasks.
        PlatformError: A system library that Tasks needs is missing.
    """

    def __init__(
        self,
        width: int,
        height: int,
        watch: Stopwatch,
        engines: Collection[str] = ENGINES,
    ) -> None:
        self._watch = watch
        self._here, self._there = I420(width, height), I420(width, height)
        self._engines = {"tasks": make_engine(NETWORK, "tasks")}
        with suppress(ModelError, PlatformError):
            if "litert" in engines:
                self._engines["litert"] = make_engine(NETWORK, "litert")
        noise = np.random.default_rng(1)
        across, down = self._engines["tasks"].size
        self._pictures = noise.integers(0, 256, (8, down, across, 3), np.uint8)

    @property
    def engines(self) -> list[str]:
        """The available engines that accept the model."""
        return list(self._engines)

    def run(self, jpeg: Plane, index: int) -> None:
        """Do a frame's least work."""
        with self._watch.measure(DECODE):
            cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
        with self._watch.measure(COPY):
            self._there.copy_from(self._here)
        for name, engine in self._engines.items():
            with self._watch.measure(name):
                engine.run(self._pictures[index % len(self._pictures)])

    def close(self) -> None:
        """Free the networks."""
        for engine in self._engines.values():
            engine.close()
