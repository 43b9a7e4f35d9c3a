"""From a configuration to the parts that run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vcam.backgrounds import Background, make_background
from vcam.bridge import Bridge
from vcam.compositor import Compositor
from vcam.config.schema import Config
from vcam.framing import Framing
from vcam.matte import Matte
from vcam.pipeline import Pipeline
from vcam.segmenters import make_segmenter
from vcam.sinks import Sink, open_sink
from vcam.sources import open_source

T = TypeVar("T")


def _as_it_is(stage: T) -> T:
    return stage


def make_pipeline(
    config: Config,
    background: Background,
    width: int,
    height: int,
    watched: Callable[[Any], Any] = _as_it_is,
) -> Pipeline:
    """The stages for frames of the given size, each passed through `watched` (for the bench).

    Raises:
        SegmenterError: The segmenter cannot be made.
        PlatformError: A system library is missing.
    """
    shows_room = config.background.type == "none"
    return Pipeline(
        framing=watched(Framing(width, height, config.camera.mirror)),
        segmenter=None if shows_room else watched(make_segmenter(config.segmentation)),
        matte=watched(Matte(config.matte.threshold, config.matte.softness)),
        background=watched(background),
        compositor=watched(Compositor(width, height)),
        width=width,
        height=height,
    )


def make_bridge(
    config: Config,
    background: Background,
    sink: Sink | None = None,
    watched: Callable[[], bool] | None = None,
) -> Bridge:
    """The running whole: from the configured source through `background` to the sink.

    Args:
        config: What to run.
        background: Made before, so that there is a cover from the first frame on.
        sink: In place of the configured one.
        watched: Whether somebody looks at the sink, where the camera is to be on only then.
    """
    output = config.output
    return Bridge(
        open_source=lambda: open_source(config),
        make_pipeline=lambda: make_pipeline(config, background, output.width, output.height),
        cover=background.cover(0.0),
        open_sink=lambda: sink or open_sink(output),
        fps=output.fps,
        reopen_sink=sink is None and output.type == "virtual-camera",
        watched=watched,
    )


def make_configured_background(config: Config) -> Background:
    """The background at the output's size.

    Raises:
        BackgroundError: Its picture cannot be used.
    """
    return make_background(config.background, config.output.width, config.output.height)
