"""The benchmark's bridge in a separate process, started by `vcam.tools.bench.realtime`.

It does what `vcam run` does, including the imports, with a clip as the camera and a copy as the
virtual camera, and prints its measurements as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np

import vcam.cli.run  # what `vcam run` imports: for the time that it takes
import vcam.service.session  # noqa: F401
from vcam.config.load import parse_config
from vcam.images.types import I420, Image
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.bridge import Bridge
from vcam.realtime.status import State
from vcam.service.live import LiveConfig
from vcam.system.process_memory import page_faults, resident_mb
from vcam.tools.bench.clip import decode, to_and_fro

IMPORTED = time.monotonic()

_SETTLE_SECONDS = 1.0
"""Warm-up after the first frame with the person, before measuring."""
_PATIENCE_SECONDS = 30.0


_Figures: TypeAlias = tuple[float, float, int, int, int, int]
"""Wall time, CPU time, frames sent, of these new pictures, frames dropped, page faults."""


class ClipSource:
    """Reads a clip's pictures from a file, as a driver does from its buffers; a `Source`.

    Args:
        path: The concatenated JPEGs.
        sizes: Bytes of each.
        fps: Pictures a second.
        entrance: How many of the first are played only once.
    """

    live = False
    description = "a clip"

    def __init__(self, path: Path, sizes: list[int], fps: float, entrance: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._buffer = np.empty(max(sizes), np.uint8)
        self._ends = np.cumsum([0, *sizes]).tolist()
        self.fps, self._entrance, self._count = fps, entrance, 0

    def read(self) -> Image | None:
        """The next picture; endless."""
        number = self._count
        if number >= self._entrance:
            rest = len(self._ends) - 1 - self._entrance
            number = self._entrance + to_and_fro(number - self._entrance, rest)
        self._count += 1
        self._file.seek(self._ends[number])
        jpeg = self._buffer[: self._ends[number + 1] - self._ends[number]]
        self._file.readinto(jpeg.data)
        return decode(jpeg)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class CopySink:
    """Copies each frame, as a driver does; a `Sink`."""

    description = "a copy"

    def __init__(self, width: int, height: int) -> None:
        self._copy = I420(width, height)

    def send(self, frame: I420) -> None:
        """Take a frame."""
        self._copy.copy_from(frame)

    def close(self) -> None:
        """Nothing to free."""


class Observer:
    """Measures a bridge from its own thread, and stops it.

    Args:
        seconds: How long to measure after the warm-up; 0 stops at the first frame.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = time.monotonic() + _PATIENCE_SECONDS
        self.bridge: Bridge | None = None
        self.first = 0.0
        self._before: _Figures | None = None
        self.result: dict[str, Any] = {}

    def tick(self) -> None:
        """Called after each frame."""
        assert self.bridge is not None
        now = time.monotonic()
        if not self.first:
            if self.bridge.status().state is State.LIVE:
                self.first = now
            elif now > self._deadline:
                self.bridge.stop()
        elif not self._seconds:
            self.bridge.stop()
        elif self._before is None:
            if now >= self.first + _SETTLE_SECONDS:
                self._before = self._figures()
        elif now >= self._before[0] + self._seconds:
            self._sum_up(self._before, self._figures())
            self.bridge.stop()

    def _figures(self) -> _Figures:
        assert self.bridge is not None
        status = self.bridge.status()
        return (
            time.monotonic(), time.process_time(),
            status.frames, status.fresh, status.dropped, page_faults(),
        )  # fmt: skip

    def _sum_up(self, before: _Figures, after: _Figures) -> None:
        assert self.bridge is not None
        wall, cpu, sent, fresh, dropped, faults = (
            b - a for a, b in zip(before, after, strict=True)
        )
        latencies = np.array(self.bridge.latencies()[-round(sent) :]) * 1e3
        median, p99, worst = np.percentile(latencies, (50, 99, 100)) if latencies.size else (0,) * 3
        self.result = {
            "seconds": wall,
            "cores": cpu / wall,
            "fps": sent / wall,
            "fresh": fresh / wall,
            "dropped": int(dropped),
            "latency_ms": float(median),
            "latency_p99_ms": float(p99),
            "latency_max_ms": float(worst),
            "faults": faults / max(sent, 1),
            "quality": self.bridge.status().quality,
        }


def main(began: float) -> None:
    """Run the measurement described by JSON on stdin.

    Args:
        began: When the interpreter reached the first line, in seconds of `time.monotonic`.
    """
    order = json.load(sys.stdin)
    asked = time.monotonic()
    config = parse_config(order["config"], Path("bench.yaml"))
    cv2.setNumThreads(1)
    live = LiveConfig(config)
    output = config.output
    marks: dict[str, float] = {}

    def timed(name: str, make: Callable[[], Any]) -> Any:
        start = time.monotonic()
        made = make()
        marks[name] = time.monotonic() - start
        return made

    def source() -> ClipSource:
        return ClipSource(Path(order["clip"]), order["sizes"], output.fps, order["entrance"])

    def pipeline() -> Pipeline:
        made: Pipeline = timed("model", live.first_pipeline)
        return made

    observer = Observer(order["seconds"])
    placeholder = live.first_placeholder()
    configured = time.monotonic()
    bridge = observer.bridge = Bridge(
        lambda: timed("camera", source), pipeline, placeholder,
        lambda: CopySink(output.width, output.height), output.fps,
    )  # fmt: skip
    bridge.run(observer.tick)
    start = {
        "python": began - order["commanded"],
        "imports": IMPORTED - began,
        "config": configured - asked,
        **marks,
        "total": observer.first - order["commanded"] if observer.first else 0.0,
    }
    memory = {"memory_mb": resident_mb()}
    sys.stdout.write(json.dumps({"start": start, "live": observer.result | memory}))
    sys.stdout.flush()
    if not bridge.has_ended:
        os._exit(0)
