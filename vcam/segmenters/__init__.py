"""Segmenters, which find the person. A new one is one file and one line in `_BACKENDS`."""

from __future__ import annotations

from collections.abc import Callable

from vcam.config.schema.matte import Quality
from vcam.config.schema.plugins import SEGMENTERS, make_plugin
from vcam.config.schema.segmentation import Mog2Config, SegmentationConfig
from vcam.segmenters.base import Segmenter

__all__ = ["Segmenter", "make_segmenter"]


def _mediapipe(config: SegmentationConfig, quality: Quality) -> Segmenter:
    from vcam.segmenters.living import LivingPeople
    from vcam.segmenters.mediapipe import MediaPipeSegmenter
    from vcam.segmenters.quality import chosen_networks

    networks = chosen_networks(config, quality)
    found = MediaPipeSegmenter(networks, config.mediapipe.engine, config.mediapipe.follow)
    return LivingPeople(found)


def _mog2(config: SegmentationConfig, quality: Quality) -> Segmenter:
    from vcam.segmenters.cleanup import Cleanup
    from vcam.segmenters.mog2 import Mog2Segmenter

    settings = {name: getattr(config.mog2, name) for name in Mog2Config.model_fields}
    cleanup = Cleanup(**config.mog2.cleanup.model_dump())
    return Mog2Segmenter(**{**settings, "cleanup": cleanup})


def _hybrid(config: SegmentationConfig, quality: Quality) -> Segmenter:
    from vcam.segmenters.hybrid import HybridSegmenter

    return HybridSegmenter(_mediapipe(config, quality))


def _chroma(config: SegmentationConfig, quality: Quality) -> Segmenter:
    from vcam.segmenters.chroma.segmenter import ChromaSegmenter

    wanted = config.chroma
    network = _mediapipe(config, quality) if wanted.beyond == "network" else None
    color = None if wanted.color == "auto" else wanted.color
    return ChromaSegmenter(network, color, wanted.tolerance, wanted.spill)


_BACKENDS: dict[str, Callable[[SegmentationConfig, Quality], Segmenter]] = {
    "mediapipe": _mediapipe,
    "mog2": _mog2,
    "hybrid": _hybrid,
    "chroma": _chroma,
}


def make_segmenter(config: SegmentationConfig, quality: Quality = "balanced") -> Segmenter:
    """Make the segmenter that the configuration asks for.

    Args:
        config: The section `segmentation` of the configuration.
        quality: The quality that settings of `auto` stand for.

    Raises:
        ModelError: Its model file is missing or unusable.
        PlatformError: A system library, or a package that the quality needs, is missing.
    """
    if config.backend in _BACKENDS:
        made = _BACKENDS[config.backend](config, quality)
    else:
        made = make_plugin(SEGMENTERS, config, config.backend)
    try:
        if config.people == "nearest":
            from vcam.segmenters.nearest import NearestPerson

            made = NearestPerson(made)
        return _finely(made, config, quality)
    except BaseException:
        made.close()
        raise


def _finely(made: Segmenter, config: SegmentationConfig, quality: Quality) -> Segmenter:
    """The segmenter, with a matting network where the quality has one."""
    if not config.uses_network or config.backend == "chroma":  # it draws the outline itself
        return made
    from vcam.segmenters.quality import chosen_networks

    if not chosen_networks(config, quality).matting:
        return made
    from vcam.segmenters.studio import StudioSegmenter, make_matting_engine

    return StudioSegmenter(made, make_matting_engine())
