"""The section `matte`."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.value_types import Number, Section

Quality: TypeAlias = Literal["fast", "balanced", "best", "studio"]


class MatteConfig(Section):
    """From the segmenter's raw mask to the alpha used for blending."""

    stages: ClassVar[Stages] = (Stage.MATTE,)

    quality: Quality = Field("balanced", json_schema_extra=keyed(Stage.MATTE, Stage.SEGMENTER))
    """What `auto` means for `model`, `second_opinion` and `closer_look` of
    `segmentation.mediapipe` and for `detail`; fast: landscape, sometimes, never, half; balanced:
    general, sometimes, never, full; best: general, always, always, fine; studio: as balanced, and a
    matting network draws your outline in each frame (needs the extra `vcam-bridge[studio]` and
    several times the computing power; for backends mediapipe and hybrid)."""
    threshold: Number = Field(0.5, gt=0, lt=1)
    """How sure the segmenter must be for a pixel to be half visible, between 0 and 1; higher
    shows less of the room and may cut into you. Less than 0.05 counts as 0.05."""
    softness: Number = Field(0.7, ge=0, le=1)
    """Width of the transition round the threshold, 0 (a hard edge) to 1 (the mask as it is)."""
    edges: Literal["picture", "mask"] = "picture"
    """picture: edges lie where the picture's colours change; mask: where the segmenter has them,
    at its own small size (cheaper)."""
    detail: Literal["auto", "half", "full", "fine"] = Field(
        "auto", json_schema_extra=keyed(edges=("picture",))
    )
    """For edges picture: how closely the picture's colours are compared: half costs less than
    half of full and misses what is finest, fine costs half as much again and finds a little more
    hair; auto: as quality says."""
    smoothing: Number = Field(0.7, ge=0, le=1)
    """Averaging over time where nothing moves, against flicker: 0 (none) to 1."""
    choke: Number = Field(0, ge=-20, le=20)
    """Pixels by which you are made narrower (above 0) or wider (below 0), -20 to 20."""
    feather: Number = Field(0, ge=0, le=20)
    """Pixels over which the edge is blurred, 0 to 20."""
    adaptive: bool = True
    """Refine edges at half detail, and before that do without the network of quality studio, while
    this computer is too slow or too busy for more or runs on its battery, and go back once there is
    room; no effect on vcam process."""
