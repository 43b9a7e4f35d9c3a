"""Effects on the person's picture before blending. A new one is one file and one line."""

from __future__ import annotations

from vcam.config.schema.background import BackgroundConfig
from vcam.config.schema.finish import FinishConfig
from vcam.finish.base import Effect, Finish

__all__ = ["Effect", "Finish", "make_finish"]


def make_finish(config: FinishConfig, background: BackgroundConfig) -> Finish:
    """The enabled effects, in their physical order.

    In front of the blurred room the lighting is right already: only edge colours are cleaned then,
    and a dim person is brightened.
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
