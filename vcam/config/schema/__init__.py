"""The configuration's shape: one model a section, with units and bounds in each description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from vcam.config.migrations import current_version
from vcam.config.schema import plugins
from vcam.config.schema.background import BackgroundConfig
from vcam.config.schema.camera import CameraConfig
from vcam.config.schema.finish import FinishConfig
from vcam.config.schema.framing import FramingConfig
from vcam.config.schema.matte import MatteConfig
from vcam.config.schema.output import OutputConfig
from vcam.config.schema.scenes import NO_SCENE, SCENE, SceneName, Scenes, with_scene_applied
from vcam.config.schema.segmentation import SegmentationConfig
from vcam.config.schema.stages import STAGES
from vcam.config.schema.value_types import Section, Whole

if not TYPE_CHECKING:  # what other packages bring is known at run time only
    BackgroundConfig = plugins.with_plugins(BackgroundConfig, plugins.BACKGROUNDS, "type")
    SegmentationConfig = plugins.with_plugins(SegmentationConfig, plugins.SEGMENTERS, "backend")
    CameraConfig = plugins.with_plugins(CameraConfig, plugins.SOURCES, "type")
    OutputConfig = plugins.with_plugins(OutputConfig, plugins.SINKS, "type")


class Config(Section):
    """vcam's whole configuration."""

    version: Whole = Field(current_version(), ge=1, json_schema_extra={STAGES: []})
    """Of this file's keys; `vcam config migrate` brings an older one up to date. A file without it
    may have the keys of all versions."""
    camera: CameraConfig = CameraConfig()
    framing: FramingConfig = FramingConfig()
    segmentation: SegmentationConfig = SegmentationConfig()
    matte: MatteConfig = MatteConfig()
    background: BackgroundConfig = BackgroundConfig()
    finish: FinishConfig = FinishConfig()
    output: OutputConfig = OutputConfig()
    scenes: Scenes = Field({}, json_schema_extra={STAGES: []})
    """Sets of keys by names of your own, each written as in the rest of the file."""
    scene: SceneName = Field(NO_SCENE, json_schema_extra={STAGES: []})
    """The scene that counts: its keys come before those beside it (`vcam scene NAME`); or none."""

    @model_validator(mode="before")
    @classmethod
    def _scene_comes_first(cls, data: Any) -> Any:
        return with_scene_applied(data, data.get(SCENE)) if isinstance(data, dict) else data

    @property
    def needs_segmenter(self) -> bool:
        """Whether the person is to be found: to hide the room, or to be followed."""
        return self.background.type != "none" or self.framing.follow == "person"
