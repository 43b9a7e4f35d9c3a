"""Running a network with ONNX Runtime.

https://onnxruntime.ai/docs/api/python/api_summary.html
"""

from __future__ import annotations

import atexit
import logging
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vcam.errors import ModelError, PlatformError, SegmenterError
from vcam.images.types import Image, Mask
from vcam.segmenters.engines.form import Form
from vcam.segmenters.engines.noise import native_noise_logged

logger = logging.getLogger(__name__)


class OnnxEngine:
    """ONNX Runtime on the CPU; implements `Engine`.

    Args:
        path: An .onnx file: one picture in, one mask out.
        form: The format of its pictures.
        threads: Number of threads.

    Raises:
        ModelError: The file is unusable, or has another format.
        PlatformError: ONNX Runtime is not installed, or cannot be loaded.
    """

    def __init__(self, path: Path, form: Form, threads: int = 1) -> None:
        self._path, self._form = path, form
        self._calling = threading.Lock()
        _engines.add(self)
        with native_noise_logged("ONNX Runtime"):
            self._session = _load(path, threads)
            self._input = self._only_input()
            self._try()

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the network's input."""
        return self._form.width, self._form.height

    def run(self, image: Image) -> Mask:
        """Run the network on `image`."""
        width, height = self.size
        if image.shape != (height, width, 3):
            raise SegmenterError(
                f"the network takes a picture {(height, width, 3)}, not {image.shape}"
            )
        feeds = {self._input: self._form.picture(image)}
        try:
            with self._calling:
                numbers = self._session.run(None, feeds)[0]
            return _mask(numbers)
        except Exception as error:  # ONNX Runtime has exceptions of its own, without a common base
            raise SegmenterError(f"ONNX Runtime failed on a frame ({error})") from error

    def close(self) -> None:
        """Free the network."""
        self._session = None

    def _only_input(self) -> str:
        """The name of the picture's tensor."""
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type != "tensor(float)":
            found = ", ".join(f"{one.name} ({one.type})" for one in inputs)
            raise self._wrong(f"its inputs are {found}, not one tensor(float)")
        return str(inputs[0].name)

    def _try(self) -> None:
        """Run it once as a test."""
        width, height = self.size
        try:
            self.run(np.zeros((height, width, 3), np.uint8))
        except SegmenterError as error:
            raise self._wrong(str(error.problem)) from error

    def _wrong(self, reason: str) -> ModelError:
        return ModelError(
            f"the network {self._path} has another form than is said of it ({reason})",
            "type `vcam models fetch modnet`, or set matte.quality to best",
        )


def _mask(numbers: npt.NDArray[np.float32]) -> Mask:
    """The mask, float32 (mh, mw), in a network's output, float32 (1, 1, mh, mw).

    Raises:
        ValueError: It has not that shape.
    """
    if numbers.ndim != 4 or numbers.shape[:2] != (1, 1):
        raise ValueError(f"it gives {numbers.shape}, which is no mask of one picture")
    return np.ascontiguousarray(numbers[0, 0], np.float32)


_LONGEST_CALL = 5.0
"""Longest wait for a running call, seconds."""
_engines: weakref.WeakSet[OnnxEngine] = weakref.WeakSet()


@atexit.register
def _let_finish() -> None:
    """Wait for running calls, and prevent new ones.

    Python kills daemon threads at exit; inside ONNX Runtime that crashes the process.
    """
    for engine in list(_engines):
        engine._calling.acquire(timeout=_LONGEST_CALL)


def check_installed() -> None:
    """Check that ONNX Runtime is installed.

    Raises:
        PlatformError: It is not installed, or cannot be loaded.
    """
    try:
        import onnxruntime  # noqa: F401
    except (ImportError, OSError) as error:
        raise PlatformError(
            f"ONNX Runtime cannot be loaded ({error})",
            "type `pip install 'vcam-bridge[studio]'`, or set matte.quality to best",
        ) from error


def _load(path: Path, threads: int) -> Any:
    check_installed()
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # of its builds for Windows
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # errors
    # Spinning worker threads would cost as much as busy ones.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        # Read, not mapped: a file that shrinks under a mapping would end the process.
        return onnxruntime.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # as in `run`
        logger.debug("ONNX Runtime on %s: %s", path, error)
        raise ModelError(
            f"ONNX Runtime cannot use the network {path}",
            "type `vcam models fetch modnet`, or set matte.quality to best",
        ) from None
