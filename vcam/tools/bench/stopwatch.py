"""Accumulating the time spent on the parts of a frame."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cost:
    """What one part of a frame costs, in milliseconds.

    Parts may cost different amounts in each frame: means add up to the load of a core, medians
    describe a typical frame.

    Attributes:
        cpu_mean: Mean of the CPU time of the whole process.
        cpu: Median of the same.
        cpu_p99: 99th percentile of the same.
        wall: Median of the wall time.
        wall_p99: 99th percentile of the same.
    """

    cpu_mean: float
    cpu: float
    cpu_p99: float
    wall: float
    wall_p99: float


class Stopwatch:
    """Accumulates CPU and wall time by name, per frame. One thread uses it.

    Nested measurements count only for the inner name, so a frame's names add up to the total.
    """

    def __init__(self) -> None:
        self._frames: list[dict[str, tuple[float, float]]] = []
        self._now: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        self._inner = [(0.0, 0.0)]  # for each thing under way: what was spent inside of it

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Add the time of the block to `name`, minus nested measurements."""
        self._inner.append((0.0, 0.0))
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            inner_cpu, inner_wall = self._inner.pop()
            outer_cpu, outer_wall = self._inner[-1]
            self._inner[-1] = outer_cpu + cpu, outer_wall + wall
            so_far = self._now[name]
            self._now[name] = so_far[0] + cpu - inner_cpu, so_far[1] + wall - inner_wall

    def finish_frame(self) -> None:
        """End the current frame."""
        self._frames.append(dict(self._now))
        self._now.clear()

    def forget(self) -> None:
        """Discard all frames so far: the warm-up."""
        self._frames.clear()

    def cost(self, *names: str) -> Cost:
        """The combined cost of these names; zeros if nothing was measured."""
        frames = self._frames or [{}]
        spent = [[frame.get(name, (0.0, 0.0)) for name in names] for frame in frames]
        sums = np.sum(spent, axis=1) * 1e3
        (cpu, wall), (cpu_p99, wall_p99) = np.percentile(sums, (50, 99), axis=0)
        mean = float(np.mean(sums[:, 0]))
        return Cost(mean, float(cpu), float(cpu_p99), float(wall), float(wall_p99))
