#!/usr/bin/env python
"""What the two chains that tutorials teach cost, beside vcam and the floor, in one run.

    python scripts/peers.py [--input FILE] [--size 1280x720] [--frames 100]

Each takes the camera's JPEG and ends with an I420 frame, in one thread; they take turns frame by
frame, so that a busy machine is busy for all of them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).absolute().parents[1]
sys.path.insert(0, str(ROOT))

from vcam.config import parse_config  # noqa: E402
from vcam.images.types import I420, Frame, Image, Mask, Plane  # noqa: E402
from vcam.pipeline.build import make_configured_background, make_pipeline  # noqa: E402
from vcam.segmenters.engines import make_engine  # noqa: E402
from vcam.tools.bench.clip import Clip, decode, file_clip, scene_clip  # noqa: E402
from vcam.tools.bench.floor import Floor  # noqa: E402
from vcam.tools.bench.stopwatch import Stopwatch  # noqa: E402

Chain = Callable[[Plane, int], object]


def main() -> None:
    """Measure, and print a line a chain."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--input", type=Path, help="a video instead of the built-in scene")
    options.add_argument("--size", default="1280x720")
    options.add_argument("--frames", type=int, default=100)
    asked = options.parse_args()
    cv2.setNumThreads(1)
    width, height = map(int, asked.size.split("x"))
    clip = (
        scene_clip(width, height) if asked.input is None else file_clip(asked.input, width, height)
    )
    chains = {
        "the floor": floor(width, height),
        "vcam": vcam(width, height),
        "tutorial, MediaPipe": mediapipe_tutorial(width, height),
        "tutorial, MOG2": mog2_tutorial(width, height),
    }
    costs = measured(chains, clip, asked.frames)
    for name, cost in costs.items():
        ratio = cost / costs["the floor"]
        sys.stdout.write(f"{name:20} {cost:7.2f} ms of CPU a frame, {ratio:5.2f} times\n")


def measured(chains: dict[str, Chain], clip: Clip, frames: int) -> dict[str, float]:
    """Mean CPU milliseconds a frame of each."""
    spent: dict[str, list[float]] = {name: [] for name in chains}
    for index in range(30 + frames):
        for name, chain in chains.items():
            begun = time.process_time()
            chain(clip.at(index), index)
            spent[name].append(1e3 * (time.process_time() - begun))
    return {name: statistics.mean(costs[30:]) for name, costs in spent.items()}


def floor(width: int, height: int) -> Chain:
    """As `vcam bench` has it."""
    bare = Floor(width, height, Stopwatch(), engines=("tasks",))
    return bare.run


def vcam(width: int, height: int) -> Chain:
    """The defaults, with a picture behind."""
    text = f"output: {{width: {width}, height: {height}}}"
    config = parse_config(text, ROOT / "vcam.yaml")
    background = make_configured_background(config)
    pipeline = make_pipeline(config, background, width, height)
    out, there = I420(width, height), I420(width, height)

    def chain(jpeg: Plane, index: int) -> None:
        pipeline.render(Frame(decode(jpeg), index / 30), out)
        there.copy_from(out)

    return chain


def mediapipe_tutorial(width: int, height: int) -> Chain:
    """The whole picture to the network, a hard mask, np.where."""
    engine = make_engine("landscape", "tasks")
    behind = np.full((height, width, 3), (64, 160, 0), np.uint8)

    def chain(jpeg: Plane, index: int) -> Image:
        bgr = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        mask: Mask = engine.run(np.ascontiguousarray(cv2.resize(rgb, engine.size)))
        enlarged = cv2.resize(mask, (width, height))
        shown = np.where(np.stack((enlarged,) * 3, axis=-1) > 0.5, rgb, behind)
        return np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2YUV_I420), np.uint8)

    return chain


def mog2_tutorial(width: int, height: int) -> Chain:
    """OpenCV's MOG2 at full size, some morphology, a floating-point blend."""
    subtractor = cv2.createBackgroundSubtractorMOG2(history=500, varThreshold=16)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    behind = np.full((height, width, 3), (0, 160, 64), np.uint8)

    def chain(jpeg: Plane, index: int) -> Image:
        bgr = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))
        mask = cv2.morphologyEx(subtractor.apply(bgr), cv2.MORPH_OPEN, kernel)
        soft = np.asarray(cv2.GaussianBlur(mask, (15, 15), 0))[..., None] / 255
        shown = (bgr * soft + behind * (1 - soft)).astype(np.uint8)
        return np.asarray(cv2.cvtColor(shown, cv2.COLOR_BGR2YUV_I420), np.uint8)

    return chain


if __name__ == "__main__":
    main()
