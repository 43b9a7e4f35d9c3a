"""Running a network with MediaPipe Tasks' ImageSegmenter.

https://ai.google.dev/edge/mediapipe/solutions/vision/image_segmenter
"""

from __future__ import annotations

import logging
import weakref
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vcam.devices.libraries import missing_library, no_mediapipe
from vcam.errors import ModelError, SegmenterError
from vcam.images.types import Image, Mask
from vcam.segmenters.engines.noise import native_noise_logged

logger = logging.getLogger(__name__)


class TasksEngine:
    """MediaPipe's own runtime; implements `Engine`.

    It reads the input scaling and the meaning of the output from the model's metadata, so it
    accepts any segmentation model that has them.

    Args:
        path: A .tflite file with Tasks metadata.

    Raises:
        ModelError: The file is unusable.
        PlatformError: MediaPipe is not installed, or a system library that it needs is missing.
    """

    def __init__(self, path: Path) -> None:
        self._mp = _import_mediapipe()
        self._size = _input_size(path)
        width, height = self._size
        with native_noise_logged("MediaPipe"):
            self._task = _create(path)
            self._close = weakref.finalize(self, _close, self._task)
            self._milliseconds = 0
            self.run(np.zeros((height, width, 3), np.uint8))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the network's input."""
        return self._size

    def run(self, image: Image) -> Mask:
        """Run the network on `image`."""
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        self._milliseconds += 1  # Tasks wants a clock that moves, whatever it tells
        try:
            result = self._task.segment_for_video(
                self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb),
                self._milliseconds,
            )
            # The last mask is the person's; models with a category for the room have two.
            view = result.confidence_masks[-1].numpy_view()
        except Exception as error:
            raise SegmenterError(f"MediaPipe failed on a frame ({error})") from error
        return np.array(view, np.float32).reshape(rgb.shape[:2])

    def close(self) -> None:
        """Free the network."""
        self._close()


def _create(path: Path) -> Any:
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.ImageSegmenterOptions(
        base_options=BaseOptions(model_asset_path=str(path)),
        running_mode=vision.RunningMode.VIDEO,
        output_confidence_masks=True,
    )
    try:
        return vision.ImageSegmenter.create_from_options(options)
    except Exception as error:  # Tasks raises RuntimeError, ValueError and FileNotFoundError
        if type(error) is OSError:  # the loader's: Tasks loads its native library only now
            raise missing_library(error) from error
        logger.debug("MediaPipe on %s: %s", path, error)
        raise ModelError(
            f"MediaPipe cannot use the model {path}",
            "a segmentation .tflite with Tasks metadata is wanted; "
            "`segmentation.mediapipe.model: landscape` always works",
        ) from None


def _close(task: Any) -> None:
    """Close a task; quietly at interpreter exit, when MediaPipe no longer can."""
    try:
        task.close()
    except RuntimeError:
        task._handle = None  # what its own __del__ looks at


def _import_mediapipe() -> Any:
    try:
        import mediapipe
        import mediapipe.tasks.python.vision  # loads the native library's own users
    except ModuleNotFoundError as error:
        if error.name != "mediapipe":
            raise missing_library(error) from error
        raise no_mediapipe() from error
    except (ImportError, OSError) as error:
        raise missing_library(error) from error
    return mediapipe


def _input_size(path: Path) -> tuple[int, int]:
    """(width, height) of a .tflite file's input."""
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    try:
        graph = tflite.Model.GetRootAsModel(path.read_bytes(), 0).Subgraphs(0)
        _, height, width, channels = graph.Tensors(graph.Inputs(0)).ShapeAsNumpy()
    except Exception:  # whatever a flatbuffer reader makes of a file that is none
        channels = 0
    if channels != 3:
        raise ModelError(
            f"{path} is not a model that takes a colour picture",
            "name a segmentation .tflite in segmentation.mediapipe.model",
        )
    return int(width), int(height)
