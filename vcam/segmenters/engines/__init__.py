"""Inference engines. All take the same pictures and give the same masks."""

from __future__ import annotations

import logging
from importlib.util import find_spec

from vcam.config.schema.segmentation import EngineName
from vcam.errors import PlatformError, SegmenterError, VcamError
from vcam.segmenters import models
from vcam.segmenters.engines.base import Engine
from vcam.segmenters.engines.litert import LiteRtEngine

__all__ = ["Engine", "EngineName", "make_engine"]

logger = logging.getLogger(__name__)


def make_engine(model: str, engine: EngineName = "auto") -> Engine:
    """Load a model.

    `auto` uses LiteRT, which is faster and needs no graphics libraries, for the models that vcam
    knows, if LiteRT is installed and works; else Tasks. Users' own models go to Tasks, which reads
    their input format from the metadata: a wrong guess could show the room.

    Args:
        model: "landscape", "general", or the path of a .tflite file.
        engine: The engine.

    Raises:
        ModelError: The model file is missing, corrupt or unusable for the engine.
        PlatformError: The engine is not installed, or a system library is missing.
    """
    path = models.find(model)
    if engine == "litert":
        return LiteRtEngine(path)
    if engine == "auto" and model in models.MODELS:
        try:
            return LiteRtEngine(path)
        except (SegmenterError, PlatformError) as error:
            if not tasks_is_installed():
                raise _none_is_left(error) from error
            logger.info("MediaPipe Tasks runs the network, because %s", error.problem)
    from vcam.segmenters.engines.tasks import TasksEngine

    return TasksEngine(path)


def tasks_is_installed() -> bool:
    """Whether MediaPipe, which has wheels for few systems, is installed; does not import it."""
    try:
        return find_spec("mediapipe") is not None
    except ValueError:  # it is in sys.modules, put there as missing
        return False


def _none_is_left(error: VcamError) -> PlatformError:
    return PlatformError(
        f"{error.problem}, and MediaPipe, which could run the network too, is not installed",
        "set segmentation.backend to mog2, which needs neither",
    )
