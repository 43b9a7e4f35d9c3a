"""What is done to the person's picture before it is blended. An effect is one file and one line."""

from __future__ import annotations

from vcam.config.schema.background import BackgroundConfig
from vcam.config.schema.finish import FinishConfig
from vcam.finish.base import Effect, Finish

__all__ = ["Effect", "Finish", "make_finish"]


def make_finish(config: FinishConfig, background: BackgroundConfig) -> Finish:
    """The effects that are switched on, in the order in which light takes them.

    Before the room itself, blurred, the person stands in the right light already: only the
    colours at the edges are cleaned then, and a dim person is lit up.
    """
    effects: list[Effect] = []
    if config.decontaminate:
        from vcam.finish.foreground import CleanEdges

        effects.append(CleanEdges(config.decontaminate))
    if config.brighten:
        from vcam.finish.brighten import Brighten

        effects.append(Brighten(config.brighten))
    elsewhere = background.type not in ("blur", "none", "mask")
    if config.color_match and elsewhere:
        from vcam.finish.match import ColorMatch

        effects.append(ColorMatch(config.color_match))
    if config.light_wrap and elsewhere:
        from vcam.finish.wrap import LightWrap

        effects.append(LightWrap(config.light_wrap))
    return Finish(effects)
