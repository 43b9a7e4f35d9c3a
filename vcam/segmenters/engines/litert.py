"""Running a network with LiteRT's interpreter.

https://ai.google.dev/edge/litert/microcontrollers/python
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vcam.errors import ModelError, PlatformError, SegmenterError
from vcam.images.types import Image, Mask
from vcam.segmenters.engines import builtin_ops
from vcam.segmenters.engines.noise import native_noise_logged

logger = logging.getLogger(__name__)


class LiteRtEngine:
    """LiteRT's interpreter with one thread; implements `Engine`.

    It does not read a model's metadata. A model must take RGB in 0..1 as float32 (1, h, w, 3)
    and give the person's confidence in 0..1 as float32 (1, mh, mw, 1), as MediaPipe's selfie
    models do.

    Args:
        path: A .tflite file.

    Raises:
        ModelError: The file is unusable.
        PlatformError: LiteRT is not installed, or cannot be loaded.
    """

    def __init__(self, path: Path) -> None:
        with native_noise_logged("LiteRT"):
            self._interpreter = _load(path)
            self._input, shape = _tensor(self._interpreter.get_input_details())
            self._output, mask_shape = _tensor(self._interpreter.get_output_details())
            if shape[3:] != (3,) or mask_shape[3:] != (1,):
                raise ModelError(
                    f"LiteRT cannot use the model {path} (it does not take one colour picture "
                    "and give one mask, both float32)",
                    "set segmentation.mediapipe.engine to tasks",
                )
            self._rgb = np.zeros(shape[1:], np.uint8)
            self._mask = np.zeros(mask_shape[1:3], np.float32)
            self.run(self._rgb)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the network's input."""
        height, width = self._rgb.shape[:2]
        return width, height

    def run(self, image: Image) -> Mask:
        """Run the network on `image`; the mask's memory is the same each time."""
        if image.shape != self._rgb.shape:
            raise SegmenterError(
                f"the network takes a picture {self._rgb.shape}, not {image.shape}"
            )
        cv2.cvtColor(image, cv2.COLOR_BGR2RGB, dst=self._rgb)
        # The interpreter refuses to run while a view of its memory exists, so views are fetched
        # each time and the mask is copied.
        try:
            np.divide(self._rgb, np.float32(255), out=self._view(self._input))
            self._interpreter.invoke()
            np.copyto(self._mask, self._view(self._output)[..., 0])
        except Exception as error:
            raise SegmenterError(f"LiteRT failed on a frame ({error})") from error
        return self._mask

    def _view(self, index: int) -> Mask:
        """A tensor's own memory without its first dimension."""
        view: Mask = self._interpreter.tensor(index)()[0]
        return view

    def close(self) -> None:
        """Free the network."""
        self._interpreter = None


def _load(path: Path) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except (ImportError, OSError) as error:
        raise PlatformError(
            f"LiteRT cannot be loaded ({error})",
            "install the package ai-edge-litert, or set segmentation.mediapipe.engine to tasks",
        ) from error
    try:
        # Read, not mapped: a file that shrinks under a mapping would end the process.
        return _prepared(Interpreter, path.read_bytes())
    except Exception as error:  # LiteRT raises ValueError and RuntimeError
        logger.debug("LiteRT on %s: %s", path, error)
        raise ModelError(
            f"LiteRT cannot use the model {path}",
            "name a segmentation .tflite in segmentation.mediapipe.model, or set "
            "segmentation.mediapipe.engine to tasks",
        ) from None


def _prepared(make: Any, model: bytes) -> Any:
    """An interpreter with its tensors allocated."""
    try:
        interpreter = make(model_content=model, num_threads=1)
        interpreter.allocate_tensors()
    except RuntimeError as error:
        if builtin_ops.CUSTOM not in str(error):
            raise
        logger.info("LiteRT has no XNNPACK here: the network costs two to three times as much")
        interpreter = make(model_content=builtin_ops.with_builtin_ops(model), num_threads=1)
        interpreter.allocate_tensors()
    return interpreter


def _tensor(details: list[dict[str, Any]]) -> tuple[int, tuple[int, ...]]:
    """Index and shape of a model's only input or output; (-1, ()) if there is not exactly one."""
    if len(details) != 1 or details[0]["dtype"] is not np.float32:
        return -1, ()
    return details[0]["index"], tuple(int(n) for n in details[0]["shape"])
