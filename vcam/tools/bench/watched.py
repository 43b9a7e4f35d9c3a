"""The real pipeline with its stages timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from vcam.backgrounds import make_background
from vcam.config import Config
from vcam.pipeline.build import make_pipeline
from vcam.pipeline.pipeline import Pipeline
from vcam.segmenters.engines.litert import LiteRtEngine
from vcam.segmenters.engines.onnx import OnnxEngine
from vcam.segmenters.engines.tasks import TasksEngine
from vcam.tools.bench.stopwatch import Stopwatch

INPUT, INFERENCE = "input", "inference"

_WORK = {
    "fit": "framing",
    "view": "framing",
    "zoom": "framing",
    "cut": "framing",
    "refine": "matte",
    "paint": "background",
    "polish": "finish",
    "draw": "finish",
    "lift": "composite",
    "compose": "composite",
}
"""The methods that do a stage's work, and the names they are counted under."""


class _Watched:
    """A proxy of any stage that times the methods that do its work."""

    def __init__(self, stage: Any, watch: Stopwatch, work: dict[str, str]) -> None:
        self._stage, self._watch, self._work = stage, watch, work

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._stage, attribute)
        name = self._work.get(attribute)
        return found if name is None else _timed(found, self._watch, name)


def _timed(work: Callable[..., Any], watch: Stopwatch, name: str) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        with watch.measure(name):
            return work(*arguments)

    return timed


def watched_pipeline(config: Config, width: int, height: int, watch: Stopwatch) -> Pipeline:
    """The stages for frames of that size.

    What a segmenter does besides running networks counts as bringing the picture to them; one
    that runs none is all inference.

    Raises:
        VcamError: A stage cannot be made.
    """
    work = _WORK | {"segment": INPUT if config.segmentation.uses_network else INFERENCE}
    background = make_background(config.background, width, height)
    return make_pipeline(
        config, background, width, height, timed=lambda stage: _Watched(stage, watch, work)
    )


@contextmanager
def watched_networks(watch: Stopwatch) -> Iterator[None]:
    """Time all networks that are run inside, however deep in a segmenter they are."""
    kept = {engine: engine.run for engine in (LiteRtEngine, TasksEngine, OnnxEngine)}
    for engine, run in kept.items():
        setattr(engine, "run", _timed(run, watch, INFERENCE))  # noqa: B010 - a method
    try:
        yield
    finally:
        for engine, run in kept.items():
            setattr(engine, "run", run)  # noqa: B010
