"""What a frame costs on this machine, stage by stage, beside the floor measured in the same run.

The floor is what no bridge of this kind can do without: decode the camera's JPEG, run the bare
network once at its own size, copy one I420 frame. The network is run by MediaPipe Tasks there,
whatever runs it in the pipeline, so that ratios stay comparable; LiteRT's bare call is measured
beside it. Real frames that change go through the real pipeline; only its stages are watched. All
figures are CPU time of the whole process.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import cv2
import numpy as np

from vcam.assemble import make_pipeline
from vcam.backgrounds import make_background
from vcam.config import Config
from vcam.config.schema.segmentation import EngineName
from vcam.errors import ModelError, PlatformError
from vcam.frames import I420, Frame, Image, Plane
from vcam.pipeline import Pipeline
from vcam.segmenters.engines import make_engine
from vcam.segmenters.quality import chosen_networks
from vcam.sources.scene import SceneSource

STAGES = (
    "decode",
    "framing",
    "segment",
    "matte",
    "background",
    "finish",
    "composite",
    "send",
    "other",
)
FLOOR = "floor"
ENGINES: tuple[EngineName, ...] = ("tasks", "litert")
"""Whose bare calls are measured; that of Tasks is part of the floor."""

_WARM_UP = 20
_CLIP = 60
_ENTRANCE = 150
"""The scene's first pictures: an empty room, and somebody comes in."""


@dataclass(frozen=True)
class Cost:
    """What one stage costs a frame, in milliseconds of CPU time."""

    median: float
    p99: float


@dataclass(frozen=True)
class Report:
    """The result of one run.

    Attributes:
        width: Of the frames, pixels.
        height: Of the frames, pixels.
        frames: How many were measured.
        stages: The cost of each stage, the whole ("frame"), the floor, and the bare calls of
            the engines that are there and take the model.
        ratio: Median of the whole against median of the floor.
        memory_mb: Largest resident size of the process so far, with what only the floor needs.
    """

    width: int
    height: int
    frames: int
    stages: dict[str, Cost]
    ratio: float
    memory_mb: float


class Stopwatch:
    """Adds up CPU time by name, a frame at a time."""

    def __init__(self) -> None:
        self._frames: dict[str, list[float]] = defaultdict(list)
        self._now: dict[str, float] = defaultdict(float)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Count what happens inside towards `name`."""
        start = time.process_time()
        try:
            yield
        finally:
            self._now[name] += time.process_time() - start

    def finish_frame(self) -> None:
        """Close the books of this frame."""
        for name, seconds in self._now.items():
            self._frames[name].append(seconds * 1e3)
        self._now.clear()

    def forget(self) -> None:
        """Drop everything so far: the warm-up."""
        self._frames.clear()

    def cost(self, name: str) -> Cost:
        """Median and 99th percentile; zeros where nothing was counted."""
        values = self._frames.get(name) or [0.0]
        return Cost(statistics.median(values), float(np.percentile(values, 99)))

    def frames(self, name: str) -> list[float]:
        """Milliseconds of each frame."""
        return self._frames[name]


class _Watched:
    """Any stage, with the method that does its work timed."""

    _WORK: ClassVar = {
        "fit": "framing",
        "view": "framing",
        "zoom": "framing",
        "cut": "framing",
        "segment": "segment",
        "refine": "matte",
        "paint": "background",
        "polish": "finish",
        "lift": "composite",
        "compose": "composite",
        "draw": "finish",
    }

    def __init__(self, stage: Any, watch: Stopwatch) -> None:
        self._stage, self._watch = stage, watch

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._stage, attribute)
        name = self._WORK.get(attribute)
        if name is None:
            return found

        def timed(*arguments: Any) -> Any:
            with self._watch.measure(name):
                return found(*arguments)

        return timed


def bench(
    config: Config, width: int, height: int, frames: int, send: Callable[[I420], None] | None = None
) -> Report:
    """Measure one configuration at one size.

    Args:
        config: What to measure; its camera and output sections do not matter.
        width: Of camera and output, pixels, even.
        height: Of camera and output, pixels, even.
        frames: How many to measure.
        send: Takes the finished frame; by default it is copied, as a driver does.
    """
    watch = Stopwatch()
    entrance, clip = _clips(width, height)
    pipeline = _watched_pipeline(config, width, height, watch)
    networks = _networks(chosen_networks(config.segmentation, config.matte.quality).model)
    out, sent = I420(width, height), I420(width, height)
    if config.segmentation.learns_room:
        for index, jpeg in enumerate(entrance):
            pipeline.render(Frame(_decode(jpeg), index / 30), out)
    for index in range(_WARM_UP + frames):
        if index == _WARM_UP:
            watch.forget()
        jpeg = clip[index % len(clip)]
        with watch.measure("frame"):
            with watch.measure("decode"):
                image = _decode(jpeg)
            pipeline.render(Frame(image, (_ENTRANCE + index) / 30), out)
            with watch.measure("send"):
                (send or sent.copy_from)(out)
        with watch.measure(FLOOR):
            _decode(jpeg)
            with watch.measure("tasks"):
                networks["tasks"].run(index)
            sent.copy_from(out)
        if "litert" in networks:
            with watch.measure("litert"):
                networks["litert"].run(index)
        watch.finish_frame()
    for network in networks.values():
        network.close()
    pipeline.close()
    return _report(watch, width, height, frames, list(networks))


def _clips(width: int, height: int) -> tuple[list[Plane], list[Plane]]:
    """JPEGs as a camera would send them: the built-in scene, until the figure is there and then."""
    scene = SceneSource(width, height, 30)
    pictures = []
    for _ in range(_ENTRANCE + _CLIP):
        image = scene.read()
        if image is not None:
            coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
            pictures.append(np.asarray(coded, np.uint8))
    scene.close()
    return pictures[:_ENTRANCE], pictures[_ENTRANCE:]


def _decode(jpeg: Plane) -> Image:
    return cast(Image, cv2.imdecode(jpeg, cv2.IMREAD_COLOR))


def _watched_pipeline(config: Config, width: int, height: int, watch: Stopwatch) -> Pipeline:
    background = make_background(config.background, width, height)
    return make_pipeline(
        config, background, width, height, timed=lambda stage: _Watched(stage, watch)
    )


class _Network:
    """The network alone, fed pictures of its own size."""

    def __init__(self, model: str, engine: EngineName) -> None:
        self._engine = make_engine(model, engine)
        width, height = self._engine.size
        noise = np.random.default_rng(1)
        self._pictures = noise.integers(0, 256, (8, height, width, 3), np.uint8)

    def run(self, index: int) -> None:
        self._engine.run(self._pictures[index % len(self._pictures)])

    def close(self) -> None:
        self._engine.close()


def _networks(model: str) -> dict[str, _Network]:
    """One for each engine; LiteRT's only where it is there and takes the model."""
    networks = {"tasks": _Network(model, "tasks")}
    with suppress(ModelError, PlatformError):
        networks["litert"] = _Network(model, "litert")
    return networks


def _report(watch: Stopwatch, width: int, height: int, frames: int, engines: list[str]) -> Report:
    named = {name: watch.cost(name) for name in STAGES if name != "other"}
    whole, floor = watch.cost("frame"), watch.cost(FLOOR)
    other = max(0.0, whole.median - sum(cost.median for cost in named.values()))
    stages = named | {"other": Cost(other, other), "frame": whole, FLOOR: floor}
    stages |= {engine: watch.cost(engine) for engine in engines}
    return Report(width, height, frames, stages, whole.median / floor.median, _peak_memory())


def _peak_memory() -> float:
    """Largest resident size so far in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
