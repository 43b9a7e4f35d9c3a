"""The section `output`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.value_types import File, Number, Section, Whole


def _even(value: int) -> int:
    if value % 2:
        raise ValueError(f"it must be even, such as {value - 1} or {value + 1}")
    return value


class PlaceholderConfig(Section):
    """What viewers see while your picture may not be shown for long.

    That is at the start, while MOG2 learns the empty room, when you pause, when the camera is
    lost and in standby.
    """

    stages: ClassVar[Stages] = (Stage.FRONT,)

    type: Literal["background", "card"] = "background"
    """background: the background alone; card: a picture, a text or both."""
    path: File | None = Field(None, json_schema_extra=keyed(type=("card",)))
    """For card: the picture, which fills the frame, relative to this YAML file; none: the
    background."""
    text: str = Field("", max_length=300, json_schema_extra=keyed(type=("card",)))
    """For card: a few words, such as "Back in a minute"; they stand in the middle."""

    @model_validator(mode="after")
    def _card_shows_something(self) -> PlaceholderConfig:
        if self.type == "card" and self.path is None and not self.text.strip():
            raise ValueError("output.placeholder.type card needs a path, a text or both")
        return self


class OutputConfig(Section):
    """The camera that other programs see."""

    stages: ClassVar[Stages] = (Stage.OUTPUT,)

    type: Literal["virtual-camera", "pipewire", "file"] = "virtual-camera"
    """virtual-camera: what conferencing apps can select; pipewire: a camera without driver and
    root, which only some apps see (docs/pipewire.md); file: a video file."""
    device: str = Field(
        "Virtual Camera",
        min_length=1,
        json_schema_extra=keyed(type=("virtual-camera", "pipewire")),
    )
    """For virtual-camera: its label or its path (/dev/video10); for pipewire: its name."""
    path: File | None = Field(None, json_schema_extra=keyed(type=("file",)))
    """For file: the video to write (.mp4, .mov, .mkv, .webm or .avi), relative to this YAML
    file."""
    width: Annotated[Whole, AfterValidator(_even)] = Field(1280, ge=160, le=3840)
    """Width in pixels, even, 160 to 3840; some apps take only 640, 1280 or 1920."""
    height: Annotated[Whole, AfterValidator(_even)] = Field(720, ge=120, le=2160)
    """Height in pixels, even, 120 to 2160."""
    fps: Number = Field(30, ge=1, le=120)
    """Frames per second, 1 to 120; kept whatever the camera does."""
    on_demand: bool = True
    """Have the camera and its light on only while a program reads the virtual camera (Linux)."""
    placeholder: PlaceholderConfig = PlaceholderConfig()

    @property
    def is_live(self) -> bool:
        """Whether programs look at it as it happens, unlike a file."""
        return self.type != "file"

    @model_validator(mode="after")
    def _file_is_named(self) -> OutputConfig:
        if self.type == "file" and self.path is None:
            raise ValueError("output.type file needs output.path, the video to write")
        return self
