"""Switching from one configuration to another while frames flow."""

from __future__ import annotations

import logging
import threading

from vcam.backgrounds import Background
from vcam.config.changes import compare
from vcam.config.schema import Config
from vcam.config.schema.stages import Stage
from vcam.images.types import I420
from vcam.pipeline.build import make_configured_background, make_pipeline, remake_pipeline
from vcam.pipeline.front import make_front
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.bridge import Bridge
from vcam.sources import open_source

logger = logging.getLogger(__name__)


class LiveConfig:
    """The running configuration, and the stages built for it.

    New stages are built beside the running ones, in the caller's thread, and swapped in between two
    frames. Stages whose section has not changed are kept.

    Args:
        config: The initial configuration.

    Attributes:
        config: The running configuration.
        background: The background stage.
        needs_restart: Changed keys that take effect only after a restart.

    Raises:
        VcamError: The background, the overlay or the placeholder cannot be made.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.background: Background = make_configured_background(config)
        output = config.output
        try:
            self._front = make_front(config, self.background, output.width, output.height)
        except BaseException:
            self.background.close()
            raise
        self.needs_restart: list[str] = []
        self._pipeline: Pipeline | None = None
        self._made = threading.Event()

    def first_placeholder(self) -> I420:
        """What viewers see at the start."""
        return self._front.placeholder(self.background, 0.0)

    def first_pipeline(self) -> Pipeline:
        """Build the first stages; called in the render thread.

        Raises:
            VcamError: A stage cannot be made.
        """
        output = self.config.output
        try:
            self._pipeline = make_pipeline(
                self.config, self.background, output.width, output.height, front=self._front
            )
        finally:
            self._made.set()
        return self._pipeline

    def give_up(self) -> None:
        """Release threads waiting for the first stages: there will be none."""
        self._made.set()

    def apply(self, wanted: Config, bridge: Bridge, reload_files: bool = False) -> None:
        """Switch `bridge` to `wanted`.

        Args:
            wanted: The new configuration; of its output section only the placeholder is applied
                without a restart.
            bridge: The running bridge.
            reload_files: Read the pictures and videos again even if nothing else is new.

        Raises:
            VcamError: A stage cannot be built: nothing is changed then.
        """
        placeholder = {"placeholder": wanted.output.placeholder}
        output = self.config.output.model_copy(update=placeholder)
        new = wanted.model_copy(update={"output": output})
        self._made.wait()  # without a time limit: the file will not be saved a second time
        if self._pipeline is None:
            return  # they failed: the bridge is about to say so and end
        pipeline = remake_pipeline(self._pipeline, self.config, new, reload_files)
        if pipeline is not self._pipeline:
            bridge.swap(pipeline, pipeline.front.placeholder(pipeline.background, 0.0))
            if self.config.background.type == "none" != new.background.type:
                bridge.hide_earlier()  # these frames show the room
        changes = compare(self.config, new).stages
        self.config, self._pipeline, self.background = new, pipeline, pipeline.background
        self.needs_restart = list(compare(new, wanted).needs_restart)
        if Stage.SOURCE in changes:
            bridge.replace_source(lambda: open_source(new, lambda: self.config))
