"""From a configuration to the parts that run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vcam.backgrounds import Background, make_background
from vcam.config.changes import compare
from vcam.config.schema import Config
from vcam.config.schema.matte import MatteConfig, Quality
from vcam.config.schema.stages import Stage
from vcam.finish import make_finish
from vcam.framing import (
    Composition,
    Follower,
    Framing,
    PrivateAreas,
    Turn,
    View,
    grid_of,
)
from vcam.images.region import Region
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.front import Front, make_front
from vcam.pipeline.pipeline import Pipeline, Shows
from vcam.segmenters import Segmenter, make_segmenter

T = TypeVar("T")

_SHOWS: dict[str, Shows] = {"none": "room", "mask": "mask"}
"""What viewers see with these types of background; with all others, the person in front of it."""

_STAGES = {
    Stage.FRAMING, Stage.SEGMENTER, Stage.MATTE, Stage.BACKGROUND, Stage.FINISH, Stage.FRONT,
}  # fmt: skip
"""The stages of the schema that a pipeline consists of."""

_DETAIL_OF: dict[Quality, str] = {
    "fast": "half",
    "balanced": "full",
    "best": "fine",
    "studio": "full",
}
"""What `matte.detail: auto` means."""


def _as_it_is(stage: T) -> T:
    return stage


def make_pipeline(
    config: Config,
    background: Background,
    width: int,
    height: int,
    *,
    framing: Framing | None = None,
    segmenter: Segmenter | None = None,
    front: Front | None = None,
    timed: Callable[[Any], Any] = _as_it_is,
) -> Pipeline:
    """The stages for frames of the given size.

    Args:
        config: The configuration; of its output section only the placeholder is used.
        background: The background stage.
        width: Pixels.
        height: Pixels.
        framing: An existing one to reuse instead of a new one.
        segmenter: The same.
        front: The same.
        timed: Wraps each stage (for the bench).

    Raises:
        SegmenterError: The segmenter cannot be made.
        PictureError: A picture of the overlay or the placeholder cannot be used.
        PlatformError: A system library is missing.
    """
    front = front or make_front(config, background, width, height)
    finder = None
    if config.needs_segmenter:
        finder = timed(segmenter or make_segmenter(config.segmentation, config.matte.quality))
    lighter = _lighter(config.matte) if finder else None
    return Pipeline(
        framing=timed(framing or make_framing(config, width, height)),
        segmenter=finder,
        matte=timed(make_matte(config.matte)),
        background=timed(background),
        compositor=timed(Compositor(width, height)),
        width=width,
        height=height,
        finish=timed(make_finish(config.finish, config.background)),
        front=timed(front),
        lighter=timed(make_matte(lighter)) if lighter else None,
        shows=_SHOWS.get(config.background.type, "person"),
        adaptive=config.matte.adaptive,
    )


def make_framing(config: Config, width: int, height: int) -> Framing:
    """What crops, turns and zooms, for frames of the given size in pixels."""
    wanted = config.framing
    view = View.around(wanted.focus.x, wanted.focus.y, 1 / wanted.zoom)
    follower = None
    if wanted.follow == "person":
        grid = grid_of(width, height)
        composition = Composition(wanted.fill, 1 / wanted.max_zoom)
        follower = Follower(view, composition, wanted.glide, grid)
    return Framing(width, height, turn_of(config), view, follower, private_areas(config))


def private_areas(config: Config) -> PrivateAreas:
    """The areas of the camera's picture that are never shown."""
    return PrivateAreas([Region(**area.model_dump()) for area in config.framing.private])


def turn_of(config: Config) -> Turn:
    """How the camera's picture is rotated and flipped before segmentation."""
    camera = config.camera
    return Turn.of(camera.rotate, camera.mirror, camera.flip)


def make_matte(config: MatteConfig) -> Matte:
    """The matte with the section's settings."""
    settings = config.model_dump(exclude={"quality", "adaptive"})
    return Matte(**settings | {"detail": _detail(config)})


def _detail(config: MatteConfig) -> str:
    if config.detail == "auto":
        return _DETAIL_OF[config.quality]
    return config.detail


def _lighter(config: MatteConfig) -> MatteConfig | None:
    """The settings at half detail; None where that may not be chosen or saves nothing."""
    if not config.adaptive or config.edges == "mask" or _detail(config) == "half":
        return None
    return config.model_copy(update={"detail": "half"})


def remake_pipeline(
    old: Pipeline, running: Config, wanted: Config, reload_files: bool = False
) -> Pipeline:
    """The stages for `wanted`, built beside the running ones; `old` itself if nothing differs.

    Stages whose keys are unchanged are shared with `old` and keep what they have learnt. If the
    picture's orientation changes the segmenter is rebuilt: its model of the room would be oriented
    wrongly, and the room would be taken for a person.

    Args:
        old: The running stages.
        running: The configuration of `old`, with the same output size.
        wanted: The new configuration.
        reload_files: Read the pictures and videos again even if their keys are the same.

    Raises:
        VcamError: A stage cannot be made.
    """
    changed = compare(running, wanted).stages
    if not changed & _STAGES and not reload_files:
        return old
    same_background = Stage.BACKGROUND not in changed and not reload_files
    same_front = Stage.FRONT not in changed and same_background
    background = old.background if same_background else make_configured_background(wanted)
    try:
        return make_pipeline(
            wanted,
            background,
            wanted.output.width,
            wanted.output.height,
            framing=None if Stage.FRAMING in changed else old.framing,
            segmenter=None if Stage.SEGMENTER in changed else old.segmenter,
            front=old.front if same_front else None,
        )
    except BaseException:
        if not same_background:
            background.close()
        raise


def make_configured_background(config: Config) -> Background:
    """The background at the output's size.

    Raises:
        BackgroundError: Its picture cannot be used.
    """
    return make_background(config.background, config.output.width, config.output.height)
