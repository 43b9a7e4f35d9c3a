"""MediaPipe selfie segmentation through Tasks' ImageSegmenter.

https://ai.google.dev/edge/mediapipe/solutions/vision/image_segmenter
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vcam.environment import missing_library
from vcam.errors import ModelError, SegmenterError
from vcam.frames import Image, Mask
from vcam.segmenters import models
from vcam.shrink import shrink

logger = logging.getLogger(__name__)


class MediaPipeSegmenter:
    """A neural network that knows people; implements `Segmenter`.

    Args:
        model: "landscape", "general", or the path of a .tflite file with Tasks metadata.

    Raises:
        ModelError: The model file is missing, corrupt or of no use.
        PlatformError: A system library that MediaPipe needs is missing.
    """

    progress = 1.0

    def __init__(self, model: str = "landscape") -> None:
        path = _model_file(model)
        self._mp = _import_mediapipe()
        self._size = _input_size(path)
        self._milliseconds = 0
        with _native_noise_logged():
            self._task = self._create(path)
            self._close = weakref.finalize(self, _close, self._task)
            width, height = self._size
            self.segment(np.zeros((height, width, 3), np.uint8), 0.0)

    def _create(self, path: Path) -> Any:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.ImageSegmenterOptions(
            base_options=BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode.VIDEO,
            output_confidence_masks=True,
        )
        try:
            return vision.ImageSegmenter.create_from_options(options)
        except Exception as error:  # Tasks raises RuntimeError, ValueError and FileNotFoundError
            logger.debug("MediaPipe on %s: %s", path, error)
            raise ModelError(
                f"MediaPipe cannot use the model {path}",
                "a segmentation .tflite with Tasks metadata is wanted; "
                "`segmentation.mediapipe.model: landscape` always works",
            ) from None

    def segment(self, image: Image, time: float) -> Mask | None:
        """Run the network on `image`, shrunk to the network's own size."""
        rgb = cv2.cvtColor(shrink(image, *self._size), cv2.COLOR_BGR2RGB)
        # Tasks refuses a time that is not later than the last one.
        self._milliseconds = max(self._milliseconds + 1, int(time * 1000))
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

    def reset(self) -> None:
        """Nothing to forget: the network sees each frame by itself."""

    def close(self) -> None:
        """Free the network."""
        self._close()


def _close(task: Any) -> None:
    """Close a task. At the interpreter's end, where MediaPipe no longer can, do it quietly."""
    try:
        task.close()
    except RuntimeError:
        task._handle = None  # what its own __del__ looks at


def _model_file(model: str) -> Path:
    known = models.MODELS.get(model)
    if known is not None:
        models.check(known)
        return known.path
    if Path(model).is_file():
        return Path(model)
    raise ModelError(
        f'there is no model "{model}"',
        f"set segmentation.mediapipe.model to {', '.join(models.MODELS)} or to a .tflite file",
    )


def _import_mediapipe() -> Any:
    try:
        import mediapipe
        import mediapipe.tasks.python.vision  # loads the native library's own users
    except (ImportError, OSError) as error:
        raise missing_library(error) from error
    return mediapipe


def _input_size(path: Path) -> tuple[int, int]:
    """(width, height) of the picture that a .tflite file wants."""
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


@contextmanager
def _native_noise_logged() -> Iterator[None]:
    """Send what native code writes to stderr to the log instead: it is not meant for users."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as noise:
        kept = os.dup(2)
        os.dup2(noise.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            noise.seek(0)
            for line in noise.read().decode(errors="replace").splitlines():
                logger.debug("MediaPipe: %s", line)
