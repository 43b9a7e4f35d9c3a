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

_TYPES: dict[str, type[np.float32] | type[np.float16]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
}


class OnnxEngine:
    """ONNX Runtime on the CPU; implements `Engine`.

    The state of a recurrent network is fed back with the next picture.

    Args:
        path: An .onnx file.
        form: The format of its pictures and masks.
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
            self._inputs = {each.name: each for each in self._session.get_inputs()}
            self._outputs = [each.name for each in self._session.get_outputs()]
            self._check_names()
            self._type = self._type_of(self._input)
            self._constants = {
                name: np.asarray(numbers, self._type_of(name)) for name, numbers in form.constants
            }
            self._memory: dict[str, npt.NDArray[Any]] = {}
            self.reset()
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
        feeds = {self._input: self._form.picture(image).astype(self._type, copy=False)}
        feeds |= self._constants | self._memory
        try:
            with self._calling:
                numbers = self._session.run(None, feeds)
            given = dict(zip(self._outputs, numbers, strict=True))
            mask = self._form.mask(given[self._output])
        except Exception as error:  # ONNX Runtime has exceptions of its own, without a common base
            raise SegmenterError(f"ONNX Runtime failed on a frame ({error})") from error
        self._memory = {entry: given[source] for entry, source in self._form.recurrent}
        return mask

    def reset(self) -> None:
        """Reset the recurrent state."""
        self._memory = {name: self._blank(name) for name, _ in self._form.recurrent}

    def close(self) -> None:
        """Free the network."""
        self._session = None

    @property
    def _input(self) -> str:
        return self._form.input or next(iter(self._inputs))

    @property
    def _output(self) -> str:
        return self._form.output or self._outputs[0]

    def _check_names(self) -> None:
        """Check that all tensors named by the form exist, and that it names all inputs."""
        form = self._form
        inputs = {self._input, *(name for name, _ in form.constants)}
        inputs |= {name for name, _ in form.recurrent}
        outputs = {self._output, *(name for _, name in form.recurrent)}
        for kind, named, there in (("input", inputs, set(self._inputs)),
                                   ("output", outputs, set(self._outputs))):  # fmt: skip
            for name in sorted(named - there):
                raise self._wrong(f'it has no {kind} "{name}", but {", ".join(sorted(there))}')
        for name in sorted(set(self._inputs) - inputs):
            raise self._wrong(f'it wants an input "{name}", neither recurrent nor constant')

    def _type_of(self, name: str) -> type[np.float32] | type[np.float16]:
        given = self._inputs[name].type
        if given not in _TYPES:
            raise self._wrong(f'its input "{name}" is a {given}, not a tensor(float)')
        return _TYPES[given]

    def _blank(self, name: str) -> npt.NDArray[Any]:
        """The initial value of a recurrent input: zeros, with dynamic dimensions of 1."""
        sides = [side if isinstance(side, int) else 1 for side in self._inputs[name].shape]
        return np.zeros(sides, self._type_of(name))

    def _try(self) -> None:
        """Run it once as a test, then reset it."""
        width, height = self.size
        try:
            self.run(np.zeros((height, width, 3), np.uint8))
        except SegmenterError as error:
            raise self._wrong(str(error.problem)) from error
        self.reset()

    def _wrong(self, reason: str) -> ModelError:
        return ModelError(
            f"the network {self._path} has another form than is said of it ({reason})",
            "mend the manifest beside it, or set segmentation.mediapipe.model to auto",
        )


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
            "name another file, or set segmentation.mediapipe.model to auto",
        ) from None
