"""The section `matte`."""

from __future__ import annotations

from pydantic import Field

from vcam.config.schema.types import Number, Section


class MatteConfig(Section):
    """From the segmenter's raw mask to the alpha used for blending."""

    threshold: Number = Field(0.5, gt=0, lt=1)
    """How sure the segmenter must be for a pixel to be half visible, between 0 and 1; higher
    shows less of the room and may cut into you."""
    softness: Number = Field(0.7, ge=0, le=1)
    """Width of the transition round the threshold, 0 (a hard edge) to 1 (the mask as it is)."""
