"""The protocol of effects on the person's picture, and the stage that runs them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from vcam.images.types import I420, Layer

logger = logging.getLogger(__name__)


class Effect(Protocol):
    """Changes the person's picture. Only the render thread calls it."""

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        """Change the planes of `layer`.

        Args:
            layer: The person; its alpha must not be changed.
            background: The background; read-only.
            time: When the frame was captured, seconds on a monotonic clock.
        """


class Finish:
    """Runs effects in order; without any it does nothing.

    An effect that fails is disabled from then on: the call goes on without it.

    Args:
        effects: In their order.

    Attributes:
        effects: Those still enabled.
    """

    def __init__(self, effects: Sequence[Effect] = ()) -> None:
        self.effects = list(effects)

    def polish(self, layer: Layer, background: I420, time: float) -> None:
        """Apply all effects to `layer`; see `Effect.apply`."""
        for effect in tuple(self.effects):
            try:
                effect.apply(layer, background, time)
            except Exception:
                logger.exception("%s failed and is left out", type(effect).__name__)
                self.effects.remove(effect)
