"""A bridge in real time, in a fresh process: rate, latency, cores, memory, and how it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import vcam
from vcam.config import Config
from vcam.errors import ServiceError
from vcam.tools.bench.clip import Clip

_CODE = (
    "import time; began = time.monotonic(); from vcam.tools.bench.child import main; main(began)"
)

_LONGEST_START = 60.0


@dataclass(frozen=True)
class Live:
    """The performance of a bridge after its warm-up.

    Attributes:
        wanted_fps: Of camera and output.
        seconds: The measured time.
        cores: CPU seconds of the whole process per second.
        fps: Frames sent per second.
        fresh: New pictures sent per second.
        dropped: Frames of the camera that a newer one replaced.
        latency_ms: Median from captured (decoded) to sent, milliseconds, of the last frames.
        latency_p99_ms: 99th percentile of the same.
        latency_max_ms: The longest of the same.
        faults: Minor page faults per frame.
        memory_mb: Resident memory at the end; None if unknown.
        quality: How far quality was lowered at the end, and why; usually empty.
    """

    wanted_fps: float
    seconds: float
    cores: float
    fps: float
    fresh: float
    dropped: int
    latency_ms: float
    latency_p99_ms: float
    latency_max_ms: float
    faults: float
    memory_mb: float | None
    quality: str = ""


@dataclass(frozen=True)
class Start:
    """Seconds from the command to the first frame with the person in it, medians.

    `model` and `camera` overlap, so the parts may add up to more than the total.

    Attributes:
        python: Until the interpreter reaches the first line.
        imports: OpenCV, NumPy and the rest.
        config: Reading the YAML file and making the background.
        model: Loading the networks and making the other stages.
        camera: Opening the clip. A real camera takes its own time.
        total: All of it.
    """

    python: float
    imports: float
    config: float
    model: float
    camera: float
    total: float


def measure_live(config: Config, clip: Clip, fps: float, seconds: float) -> Live:
    """Run a bridge for that many seconds.

    Raises:
        ServiceError: It did not start.
    """
    found = _run(config, clip, fps, seconds)["live"]
    return Live(wanted_fps=fps, **found)


def measure_start(config: Config, clip: Clip, starts: int = 5) -> Start:
    """Start a bridge several times.

    Raises:
        ServiceError: It did not start.
    """
    found = [_run(config, clip, 30.0, 0.0)["start"] for _ in range(starts)]
    return Start(**{name: float(np.median([each[name] for each in found])) for name in found[0]})


def _run(config: Config, clip: Clip, fps: float, seconds: float) -> dict[str, Any]:
    size = {"width": clip.width, "height": clip.height, "fps": fps}
    settings = config.model_dump(mode="json")
    settings["output"] |= size
    with tempfile.TemporaryDirectory(prefix="vcam-bench") as folder:
        pictures = [*clip.entrance, *clip.pictures]
        film = Path(folder) / "clip"
        with film.open("wb") as stream:
            stream.writelines(jpeg.tobytes() for jpeg in pictures)
        order = {
            "config": json.dumps(settings),
            "clip": str(film),
            "sizes": [jpeg.size for jpeg in pictures],
            "entrance": len(clip.entrance),
            "seconds": seconds,
        }
        return _ordered(order, seconds + _LONGEST_START)


def _ordered(order: dict[str, Any], patience: float) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CODE],
            input=json.dumps(order | {"commanded": time.monotonic()}),
            capture_output=True,
            text=True,
            cwd=Path(vcam.__file__).absolute().parents[1],
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # as in vcam.__main__
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        raise ServiceError(f"the bench's bridge did not end within {patience:g} s") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ServiceError(f"the bench's bridge failed ({last})") from None
    if not answer["start"]["total"]:
        raise ServiceError("the bench's bridge showed no person within its first seconds")
    return answer
