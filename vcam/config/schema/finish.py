"""The section `finish`."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from vcam.config.schema.stages import Stage, Stages
from vcam.config.schema.value_types import File, Number, Section

Position = Literal[
    "top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom",
    "bottom-right",
]  # fmt: skip


class OverlayConfig(Section):
    """A picture in front of everything: a logo, a name card."""

    stages: ClassVar[Stages] = (Stage.FRONT,)

    path: File | None = None
    """The picture; where it is transparent it stays so. Relative to this YAML file; none: no
    overlay."""
    position: Position = "bottom-right"
    """A corner, the middle of an edge, or center; left and right as the viewers see it."""
    size: Number = Field(0.15, gt=0, le=1)
    """Its width as a share of the frame's, above 0 to 1; one too high for the frame is made to
    fit."""
    margin: Number = Field(0.03, ge=0, le=0.25)
    """Distance from the edges as a share of the frame's width, 0 to 0.25."""
    opacity: Number = Field(1, ge=0, le=1)
    """0 (not to be seen) to 1 (as opaque as the file says)."""


class FinishConfig(Section):
    """What makes you and the background one picture."""

    stages: ClassVar[Stages] = (Stage.FINISH,)

    decontaminate: Number = Field(1, ge=0, le=1)
    """How much of the room's colour is taken out of your edges and hair, 0 (none) to 1 (all)."""
    light_wrap: Number = Field(0, ge=0, le=1)
    """How much of the background's light spills onto your edges, 0 (none) to 1 (a glow); not for
    blur."""
    color_match: Number = Field(0, ge=0, le=1)
    """How far your brightness and white balance are drawn towards the background's, 0 (not at
    all) to 1 (half of the way, within bounds); not for blur."""
    brighten: Number = Field(0, ge=0, le=1)
    """How far you are lit up in a dim room, 0 (not at all) to 1 (well lit, by two stops at most);
    the camera's noise does not grow with it."""
    overlay: OverlayConfig = OverlayConfig()
