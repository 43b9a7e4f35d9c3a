"""The user's own pictures in front of everything, or in its place."""

from __future__ import annotations

from dataclasses import dataclass

from vcam.backgrounds import Background
from vcam.config.schema import Config
from vcam.finish.overlay import Overlay, make_overlay
from vcam.images.types import I420
from vcam.pipeline.placeholder import make_card


@dataclass(frozen=True)
class Front:
    """Overlay and placeholder card. By default there is neither: the background is the placeholder.

    Attributes:
        overlay: Drawn over everything viewers see, including the placeholder: it contains nothing
            of the room, and a name card says who is about to appear.
        card: The placeholder.
    """

    overlay: Overlay | None = None
    card: I420 | None = None

    def draw(self, out: I420) -> None:
        """Draw the overlay over a frame."""
        if self.overlay is not None:
            self.overlay.draw(out)

    def placeholder(self, background: Background, time: float) -> I420:
        """What viewers see while no person may be shown, overlay included; read-only."""
        bare = self.card or background.cover(time)
        if self.overlay is None:
            return bare
        out = I420(bare.width, bare.height)
        out.copy_from(bare)
        self.overlay.draw(out)
        return out


def make_front(config: Config, background: Background, width: int, height: int) -> Front:
    """Overlay and placeholder as configured.

    Args:
        config: The configuration.
        background: The background stage, also used for a card without a picture of its own.
        width: Of the frames, pixels.
        height: Of the frames, pixels.

    Raises:
        PictureError: A picture cannot be used.
    """
    return Front(
        make_overlay(config.finish.overlay, width, height),
        make_card(config.output.placeholder, background.cover(0.0)),
    )
