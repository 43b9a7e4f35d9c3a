"""What a key changes, said at the key: the stages it belongs to, and when it has an effect."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias


class Stage(str, Enum):
    """A part of vcam that is made anew where one of its keys has changed."""

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
    """Cannot be made anew while vcam runs: it waits for a restart."""


Stages: TypeAlias = tuple[Stage, ...]

STAGES, USED_FOR = "x-stages", "x-used-for"
"""Where a field and the JSON Schema hold what `keyed` says."""


def keyed(*stages: Stage, **used_for: tuple[str, ...]) -> dict[str, Any]:
    """For `json_schema_extra` of a field.

    Args:
        stages: Those the key belongs to, where they are not those of its section.
        used_for: By the name of a key beside it, the values with which it has an effect, such
            as `type=("image", "video")`.
    """
    said: dict[str, Any] = {}
    if stages:
        said[STAGES] = [stage.value for stage in stages]
    if used_for:
        said[USED_FOR] = {key: list(values) for key, values in used_for.items()}
    return said
