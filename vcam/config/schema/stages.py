"""Metadata of keys: the stages they belong to, and when they have an effect."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias


class Stage(str, Enum):
    """A part of vcam that is rebuilt when one of its keys changes."""

    SOURCE = "source"
    CONTROLS = "controls"
    """The camera's own controls, which are set while it is open."""
    FRAMING = "framing"
    SEGMENTER = "segmenter"
    MATTE = "matte"
    BACKGROUND = "background"
    FINISH = "finish"
    FRONT = "front"
    """The overlay and the placeholder."""
    OUTPUT = "output"
    """Cannot be rebuilt while vcam runs: takes effect after a restart."""


Stages: TypeAlias = tuple[Stage, ...]

STAGES, USED_FOR = "x-stages", "x-used-for"
"""Where a field and the JSON Schema store the arguments of `keyed`."""


def keyed(*stages: Stage, **used_for: tuple[str, ...]) -> dict[str, Any]:
    """For `json_schema_extra` of a field.

    Args:
        stages: The key's stages, if they differ from its section's.
        used_for: For keys of the same section, the values with which this one has an effect, such
            as `type=("image", "video")`.
    """
    said: dict[str, Any] = {}
    if stages:
        said[STAGES] = [stage.value for stage in stages]
    if used_for:
        said[USED_FOR] = {key: list(values) for key, values in used_for.items()}
    return said
