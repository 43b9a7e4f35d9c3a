"""Decontamination: no rim of the room's colour."""

from __future__ import annotations

from vcam.foreground import Foreground
from vcam.frames import I420, Layer


class CleanEdges:
    """Gives edge pixels the person's own colours; implements `Effect`. See `Foreground`.

    Args:
        strength: 0 (as they are) to 1.
    """

    def __init__(self, strength: float) -> None:
        self._foreground = Foreground(strength)

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        """Clean the edges."""
        self._foreground.clean(layer.planes, layer.chroma_alpha)
