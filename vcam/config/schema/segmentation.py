"""The section `segmentation`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from vcam.config.schema.types import Number, Section, Whole, resolve_path

EngineName: TypeAlias = Literal["auto", "litert", "tasks"]


def _model_name_or_file(value: str, info: ValidationInfo) -> str:
    is_file = value.endswith(".tflite") or "/" in value or "$" in value
    return str(resolve_path(Path(value), info)) if is_file else value


class MediaPipeConfig(Section):
    """MediaPipe selfie segmentation: a neural network that knows what people look like."""

    model: Annotated[str, AfterValidator(_model_name_or_file)] = "landscape"
    """landscape (256x144, the quicker one), general (256x256, better in dim light), or the
    path of your own .tflite file with Tasks metadata."""
    engine: EngineName = "auto"
    """What runs the model: litert (LiteRT, the quicker one), tasks (MediaPipe's own, needs EGL
    and GLES libraries), or auto: litert where it is installed, tasks for your own model."""


class CleanupConfig(Section):
    """Morphology on MOG2's raw mask, in this order: open, close, then grow or shrink.

    Sizes are pixels of the working picture.
    """

    shape: Literal["ellipse", "rectangle", "cross"] = "ellipse"
    """Shape of the kernel."""
    size: Whole = Field(5, ge=1, le=31)
    """Width of the kernel in pixels, odd, 1 to 31."""
    open: Whole = Field(1, ge=0, le=10)
    """Times to open (removes specks), 0 to 10."""
    close: Whole = Field(3, ge=0, le=10)
    """Times to close (fills holes), 0 to 10."""
    grow: Whole = Field(0, ge=-10, le=10)
    """Times to dilate (above 0) or erode (below 0), -10 to 10."""

    @model_validator(mode="after")
    def _size_is_odd(self) -> CleanupConfig:
        if self.size % 2 == 0:
            raise ValueError(f"segmentation.mog2.cleanup.size must be odd, such as {self.size + 1}")
        return self


class Mog2Config(Section):
    """OpenCV's MOG2: learns the empty room, then shows what differs from it.

    Sit out of the picture while it learns.
    """

    history: Whole = Field(500, ge=1, le=10000)
    """Frames the background model remembers, 1 to 10000."""
    var_threshold: Number = Field(16, ge=1, le=1000)
    """Squared distance (in variances) from which a pixel counts as different, 1 to 1000."""
    detect_shadows: bool = True
    """Find shadows, so that they can be told from you; costs a little."""
    shadows_are_person: bool = False
    """Count what MOG2 marks as a shadow as you."""
    learn_frames: Whole = Field(60, ge=1, le=3000)
    """Frames of empty room to learn at the start, 1 to 3000; the background alone is shown."""
    learn_rate: Number = Field(0.05, gt=0, le=1)
    """Learning rate during those frames, above 0 up to 1."""
    after_learning: Literal["frozen", "automatic"] = "frozen"
    """frozen: the room is never learnt again (somebody sitting still stays visible);
    automatic: OpenCV's own rate, 1 / history."""
    working_width: Whole = Field(320, ge=80, le=1920)
    """Width in pixels of the reduced picture MOG2 works on, 80 to 1920."""
    cleanup: CleanupConfig = CleanupConfig()


class SegmentationConfig(Section):
    """What finds you in the picture."""

    backend: Literal["mediapipe", "mog2"] = "mediapipe"
    """mediapipe: a neural network, nothing to learn; mog2: difference from the empty room."""
    mediapipe: MediaPipeConfig = MediaPipeConfig()
    mog2: Mog2Config = Mog2Config()
