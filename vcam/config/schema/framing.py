"""The section `framing`."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.types import FocusConfig, Number, Section


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
