"""The section `segmentation`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.value_types import Color, Number, Rgb, Section, Whole, resolve_path

EngineName: TypeAlias = Literal["auto", "litert", "tasks"]
SecondOpinion: TypeAlias = Literal["never", "sometimes", "always"]
CloserLook: TypeAlias = Literal["never", "always"]

_LEAST_CHROMA = 20
"""Levels by which a sheet's green or blue is more than its red."""


def _model_name_or_file(value: str, info: ValidationInfo) -> str:
    is_file = value.endswith(".tflite") or "/" in value or "$" in value
    return str(resolve_path(Path(value), info)) if is_file else value


class MediaPipeConfig(Section):
    """MediaPipe selfie segmentation: a neural network that knows what people look like."""

    model: Annotated[str, AfterValidator(_model_name_or_file)] = "auto"
    """landscape (256x144, the quicker one), general (256x256, better in dim light), auto (as
    matte.quality says), or the path of your own .tflite file with Tasks metadata."""
    engine: EngineName = "auto"
    """What runs the model: litert (LiteRT, the quicker one), tasks (MediaPipe's own, needs EGL
    and GLES libraries), or auto: litert where it is installed, tasks for your own model."""
    second_opinion: SecondOpinion | Literal["auto"] = "auto"
    """When the other of the two models is asked as well, so that a piece of the room that one
    takes for you is not shown: never, sometimes (a few times a second), always (in each frame;
    the mean of both is taken), or auto (as matte.quality says)."""
    closer_look: CloserLook | Literal["auto"] = "auto"
    """Have the model look once more, at your head and shoulders alone, for finer edges: never,
    always (costs as much again as the model), or auto (as matte.quality says). Needs follow."""
    follow: bool = True
    """Have the model look closely at you instead of at the whole picture."""


class CleanupConfig(Section):
    """Morphology on MOG2's raw mask, in this order: open, close, grow or shrink, fill holes.

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
    holes: Number = Field(0.03, ge=0, le=1)
    """Holes up to this share of the picture are filled, 0 (none) to 1."""

    @model_validator(mode="after")
    def _size_is_odd(self) -> CleanupConfig:
        if self.size % 2 == 0:
            raise ValueError(f"segmentation.mog2.cleanup.size must be odd, such as {self.size + 1}")
        return self


class Mog2Config(Section):
    """OpenCV's MOG2: learns the empty room, then shows what differs from it.

    Step out of the picture while it learns.
    """

    history_seconds: Number = Field(16.7, gt=0, le=334)
    """Seconds the background model remembers, above 0 up to 334."""
    var_threshold: Number = Field(12, ge=1, le=1000)
    """Squared distance (in variances) from which a pixel counts as different, 1 to 1000."""
    detect_shadows: bool = True
    """Find shadows, so that they can be told from you; costs a little."""
    shadow_threshold: Number = Field(0.7, ge=0, le=1)
    """Brightness of the darkest shadow over that of the room, 0 to 1: what is darker is you."""
    shadows_are_person: bool = False
    """Count what MOG2 marks as a shadow as you."""
    learn_seconds: Number = Field(1, gt=0, le=100)
    """Seconds of empty room to learn at the start, above 0 up to 100; the background alone is
    shown. It begins anew when something moves."""
    learn_rate: Number = Field(0.05, gt=0, le=1)
    """Least learning rate during that time, in a thirtieth of a second, above 0 up to 1."""
    person_check: bool = True
    """Also ask MediaPipe's network, where it is installed, whether the room is empty."""
    after_learning: Literal["around-person", "frozen", "automatic"] = "around-person"
    """around-person: slow changes are learnt where you are not; frozen: nothing is learnt any
    more; automatic: all of the picture is, within history_seconds (you fade as you sit still)."""
    absorb_seconds: Number = Field(10, ge=0, le=3600)
    """Seconds until a thing that was moved counts as room, for around-person; 0: never."""
    working_width: Whole = Field(256, ge=80, le=1920)
    """Width in pixels of the reduced picture MOG2 works on, 80 to 1920."""
    cleanup: CleanupConfig = CleanupConfig()


class ChromaConfig(Section):
    """Chroma key: a green or blue sheet behind you, told from you by its colour."""

    color: Literal["auto"] | Color = "auto"
    """The sheet's colour: auto (looks for a green or blue one), or a green or blue like it, as
    "#rrggbb" or a name; how light it is does not matter."""
    tolerance: Number = Field(0.5, ge=0, le=1)
    """How far from its colour the sheet may be, 0 to 1: more for folds and bad light, less where
    your clothes have a similar colour."""
    spill: Number = Field(0.8, ge=0, le=1)
    """How much of the light that the sheet throws on you is taken out of your colours, 0 to 1."""
    beyond: Literal["network", "nothing"] = "network"
    """network: who is shown, what of you is beside the sheet, and things in its colour on you, as
    MediaPipe's network says; nothing: all that is not sheet, between parts that are, is shown, and
    nothing beside it: costs less, and shows whatever stands before the sheet."""

    @field_validator("color")
    @classmethod
    def _is_green_or_blue(cls, value: str | Rgb) -> str | Rgb:
        if not isinstance(value, str):
            red, green, blue = value
            if max(green, blue) - red < _LEAST_CHROMA:
                raise ValueError(
                    "a green or blue is wanted: skin and hair have too much of the others"
                )
        return value


class SegmentationConfig(Section):
    """What finds you in the picture."""

    stages: ClassVar[Stages] = (Stage.SEGMENTER,)

    backend: Literal["mediapipe", "mog2", "hybrid", "chroma"] = "hybrid"
    """mediapipe: a neural network, nothing to learn; mog2: difference from the empty room, which
    it learns first; hybrid: the network, corrected by what is learnt of the room meanwhile;
    chroma: a green or blue sheet behind you, cut out by its colour."""
    people: Literal["all", "nearest"] = "all"
    """Who is shown: all, or nearest: only the largest and most central of you, until somebody else
    clearly is for a second; the others are covered like the room."""
    mediapipe: MediaPipeConfig = Field(
        MediaPipeConfig(), json_schema_extra=keyed(backend=("mediapipe", "hybrid", "chroma"))
    )
    mog2: Mog2Config = Field(Mog2Config(), json_schema_extra=keyed(backend=("mog2",)))
    chroma: ChromaConfig = Field(ChromaConfig(), json_schema_extra=keyed(backend=("chroma",)))

    @property
    def uses_network(self) -> bool:
        """Whether a model file is needed."""
        if self.backend == "chroma":
            return self.chroma.beyond == "network"
        return self.backend in ("mediapipe", "hybrid")

    @property
    def learns_room(self) -> bool:
        """Whether anything of the room is remembered."""
        return self.backend in ("mog2", "hybrid", "chroma")
