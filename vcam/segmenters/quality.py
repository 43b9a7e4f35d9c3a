"""What `matte.quality` means for the networks."""

from __future__ import annotations

from dataclasses import dataclass

from vcam.config.schema.matte import Quality
from vcam.config.schema.segmentation import CloserLook, SecondOpinion, SegmentationConfig
from vcam.segmenters.models import MODNET


@dataclass(frozen=True)
class Networks:
    """Which networks are used, and how.

    Attributes:
        model: The one that draws the mask: "landscape", "general" or a path.
        second_opinion: When the other is asked.
        closer_look: When the first looks at heads and shoulders by themselves.
        min_motion: Share of the pixels looked at that must have moved, for the networks to look at
            every picture and not only at every second.
        matting: Whether a matting network draws the outline.
    """

    model: str
    second_opinion: SecondOpinion
    closer_look: CloserLook = "never"
    min_motion: float = 0.01
    matting: bool = False

    @property
    def other(self) -> str:
        """The one that is asked for a second opinion."""
        return "general" if self.model == "landscape" else "landscape"

    @property
    def models(self) -> list[str]:
        """All that are used."""
        finders = [self.model] if self.second_opinion == "never" else [self.model, self.other]
        return [*finders, MODNET.name] if self.matting else finders


_PRESETS: dict[Quality, Networks] = {
    "fast": Networks("landscape", "sometimes", min_motion=0.02),
    "balanced": Networks("general", "sometimes"),
    "best": Networks("general", "always", "always"),
    "studio": Networks("general", "sometimes", matting=True),
}


def needed_models(config: SegmentationConfig, quality: Quality) -> list[str]:
    """The models that the configuration uses, by name or path."""
    return chosen_networks(config, quality).models if config.uses_network else []


def chosen_networks(config: SegmentationConfig, quality: Quality) -> Networks:
    """The configuration's networks; what it leaves to `auto` is as the quality says."""
    preset = _PRESETS[quality]
    written = config.mediapipe
    return Networks(
        preset.model if written.model == "auto" else written.model,
        preset.second_opinion if written.second_opinion == "auto" else written.second_opinion,
        preset.closer_look if written.closer_look == "auto" else written.closer_look,
        preset.min_motion,
        preset.matting,
    )
