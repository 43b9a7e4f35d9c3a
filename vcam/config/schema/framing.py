"""The section `framing`."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.value_types import FocusConfig, Number, Section


class AreaConfig(Section):
    """A part of the picture as it comes from the camera, before it is turned or mirrored."""

    left: Number = Field(ge=0, le=1)
    """Its left side, from the picture's left edge (0) to its right edge (1)."""
    top: Number = Field(ge=0, le=1)
    """Its upper side, from the picture's upper edge (0) to its lower edge (1)."""
    right: Number = Field(ge=0, le=1)
    """Its right side; more than left."""
    bottom: Number = Field(ge=0, le=1)
    """Its lower side; more than top."""

    @model_validator(mode="after")
    def _is_not_empty(self) -> AreaConfig:
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError(
                "an area that hides nothing: right must be more than left, and bottom more than top"
            )
        return self


class FramingConfig(Section):
    """Which part of the camera's picture is shown; the background is not zoomed, only blur is."""

    stages: ClassVar[Stages] = (Stage.FRAMING,)

    zoom: Number = Field(1, ge=1, le=4)
    """How many times larger you are shown, 1 (the whole picture) to 4."""
    focus: FocusConfig = FocusConfig()
    """The point that stays nearest to the middle when zoomed, as you see it (after mirroring)."""
    follow: Literal["nobody", "person"] = "nobody"
    """nobody: zoom and focus stay as they are; person: the picture is zoomed and moved slowly so
    that your head and shoulders fill it, or those of all of you. Gestures do not move it. Zoom and
    focus are then what is shown while nobody is there."""
    max_zoom: Number = Field(2, ge=1, le=4, json_schema_extra=keyed(follow=("person",)))
    """For follow person: how many times larger at most, 1 to 4."""
    fill: Number = Field(0.8, ge=0.3, le=1, json_schema_extra=keyed(follow=("person",)))
    """For follow person: how much of the frame's height head and shoulders take, 0.3 to 1."""
    glide: Number = Field(2.5, ge=0.5, le=20, json_schema_extra=keyed(follow=("person",)))
    """For follow person: seconds in which the picture moves to a new place, 0.5 to 20."""
    private: list[AreaConfig] = Field(
        default=[],
        max_length=16,
        json_schema_extra=keyed(Stage.FRAMING, Stage.SEGMENTER),
    )
    """Up to sixteen areas that are never shown, whatever is in them, you too: `{left: 0, top: 0.1,
    right: 0.3, bottom: 0.6}`, in shares of the picture as it comes from the camera, before it is
    turned, mirrored or cropped. With background blur and none they are black."""
