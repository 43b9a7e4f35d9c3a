"""Measuring the cost of a frame by stage, beside the floor in the same run.

Changing frames go through the real pipeline, one after the other in one thread, with its stages
timed. CPU time is that of the whole process, so a stage's own thread (such as a background video's)
is counted too, in whichever stage runs meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from vcam.config import Config
from vcam.images.types import I420, Frame, Plane
from vcam.pipeline.pipeline import Pipeline
from vcam.system.process_memory import page_faults
from vcam.tools.bench.clip import Clip, decode
from vcam.tools.bench.floor import COPY, DECODE, Floor
from vcam.tools.bench.stopwatch import Stopwatch
from vcam.tools.bench.table import FLOOR, FRAME, STAGES, Report
from vcam.tools.bench.watched import watched_networks, watched_pipeline

_WARM_UP = 30


def measure(
    config: Config, clip: Clip, frames: int, send: Callable[[I420], None] | None = None
) -> Report:
    """Measure one configuration at the clip's size.

    Args:
        config: What to measure; its camera and output sections do not matter.
        clip: The camera's pictures.
        frames: How many to measure.
        send: Called with the finished frame; by default it is copied, as by a driver.

    Raises:
        VcamError: A stage cannot be made.
    """
    watch = Stopwatch()
    quality = config.matte.quality
    floor = Floor(clip.width, clip.height, watch)
    pipeline = watched_pipeline(config, clip.width, clip.height, watch)
    way = _FramePath(pipeline, I420(clip.width, clip.height), send, watch)
    for jpeg in clip.entrance:
        way.carry(jpeg)
    faults, covered = 0, 0
    for index in range(_WARM_UP + frames):
        if index == _WARM_UP:
            watch.forget()
            faults = covered = 0
        jpeg = clip.at(index)
        before = page_faults()
        covered += not way.carry(jpeg)
        faults += page_faults() - before
        floor.run(jpeg, index)
        watch.finish_frame()
    costs = {name: watch.cost(name) for name in STAGES} | {
        FRAME: watch.cost(*STAGES),
        FLOOR: watch.cost(DECODE, COPY, "tasks"),
        **{engine: watch.cost(engine) for engine in floor.engines},
    }
    floor.close()
    pipeline.close()
    return Report(
        width=clip.width,
        height=clip.height,
        backend=config.segmentation.backend,
        quality=quality,
        background=config.background.type,
        clip=clip.name,
        frames=frames,
        costs=costs,
        ratio=costs[FRAME].cpu_mean / costs[FLOOR].cpu_mean,
        faults=faults / frames if page_faults() else None,
        covered=covered,
    )


class _FramePath:
    """The path of a frame, from the camera's JPEG to the driver."""

    def __init__(
        self,
        pipeline: Pipeline,
        out: I420,
        send: Callable[[I420], None] | None,
        watch: Stopwatch,
    ) -> None:
        self._pipeline, self._out, self._watch = pipeline, out, watch
        self._send = send or I420(out.width, out.height).copy_from
        self._count = 0

    def carry(self, jpeg: Plane) -> bool:
        """Process the next frame; returns whether it shows the person."""
        with self._watch.measure("other"):
            with self._watch.measure("decode"):
                image = decode(jpeg)
            with watched_networks(self._watch):
                rendered = self._pipeline.render(Frame(image, self._count / 30), self._out)
            with self._watch.measure("send"):
                self._send(self._out)
        self._count += 1
        return rendered.shows_person
