"""A long run at many times real speed: `python -m tests.soak [FRAMES]`.

A bridge carries frames of a source that fails now and then, while its configuration is changed
several times a second, its only viewer comes and goes ten times a second, it is paused and
resumed, and its sink is lost. Memory, file descriptors and threads are printed on the way; they
must stay flat.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import vcam.realtime.bridge
from vcam.config import parse_config
from vcam.errors import SinkError, SourceError
from vcam.images.types import I420, Image
from vcam.realtime import capture, keep_alive, sink_connection
from vcam.realtime.bridge import Bridge
from vcam.service.live import LiveConfig
from vcam.sources.fake import FakeSource
from vcam.system.process_memory import resident_mb

FPS = 2000.0
WIDTH, HEIGHT = 320, 180
CONFIGS = [
    parse_config(
        "segmentation: {backend: mog2, mog2: {learn_seconds: 0.17, working_width: 80}}\n"
        f"background: {{{background}}}\nmatte: {{softness: {softness}}}\n"
        f"output: {{width: {WIDTH}, height: {HEIGHT}}}\n",
        Path("vcam.yaml"),
    )
    for background in ("type: color, color: red", "type: gradient", "type: blur")
    for softness in (0.2, 0.7)
]


class LossySink:
    """Takes frames, and now and then none."""

    description = "a lossy sink"
    frames = 0

    def send(self, frame: I420) -> None:
        """Count the frame."""
        LossySink.frames += 1
        if LossySink.frames % 7001 == 0:
            raise SinkError("lost")

    def close(self) -> None:
        """Nothing to free."""


def _pictures() -> Iterator[Image | Exception]:
    rng = np.random.default_rng(5)
    images = [rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(8)]
    yield from itertools.islice(itertools.cycle(images), 3000)
    yield np.zeros((97, 131, 3), np.uint8)  # another size
    yield SourceError("unplugged")


def _disturb(bridge: Bridge, live: LiveConfig, stop: threading.Event) -> None:
    for turn in itertools.count():
        if stop.wait(0.05):
            return
        live.apply(CONFIGS[turn % len(CONFIGS)], bridge)
        if turn % 40 == 0:
            bridge.pause(turn % 80 == 0)
        if turn % 100 == 7:
            bridge.relearn()


def main(frames: int = 200_000) -> None:
    """Run, and print what the process holds after each tenth."""
    logging.disable()
    vcam.realtime.bridge.LINGER_SECONDS = 0.01
    keep_alive.FLUSHING_SECONDS = keep_alive.REST_SECONDS = 0.01
    sink_connection.RETRY_SECONDS = capture.RETRY_SECONDS = 0.01
    live = LiveConfig(CONFIGS[0])
    bridge = Bridge(
        lambda: FakeSource(_pictures(), fps=FPS),
        live.first_pipeline,
        live.first_placeholder(),
        LossySink,
        FPS,
        reopen_sink=True,
        watched=lambda seconds: time.monotonic() % 0.1 < 0.07,
    )
    stop = threading.Event()
    threading.Thread(target=_disturb, args=(bridge, live, stop), daemon=True).start()
    mark = frames // 10

    def tick() -> None:
        nonlocal mark
        if LossySink.frames >= mark:
            mark += frames // 10
            _print(bridge)
        if LossySink.frames >= frames:
            bridge.stop()

    bridge.run(tick)
    stop.set()


def _print(bridge: Bridge) -> None:
    memory = resident_mb() or 0
    descriptors = sum(1 for _ in Path("/proc/self/fd").iterdir())
    held = f"{descriptors} descriptors, {threading.active_count()} threads"
    state = bridge.status().label
    sys.stdout.write(f"{LossySink.frames} frames: {memory:.1f} MB, {held} ({state})\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
