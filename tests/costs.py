"""What each background and effect costs at 720p: `python -m tests.costs [FRAMES]`.

The built-in scene goes through one pipeline for each, in turn frame by frame in one process, so
that all see the same machine. Printed are means of CPU time per frame (decoding the camera's
JPEG, rendering, one copy of the result; what a background's worker does counts as well), and the
ratio to the picture's.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.pictures import make_files
from vcam.backgrounds import make_background
from vcam.backgrounds.worker import PromptWorker
from vcam.config import Config
from vcam.images.types import I420, Frame, Image, Plane
from vcam.pipeline.build import make_pipeline
from vcam.pipeline.pipeline import Pipeline
from vcam.sinks.video import VideoSink
from vcam.sources.scene.scene import SceneSource
from vcam.tools.bench.clip import decode
from vcam.tools.bench.stopwatch import Stopwatch

_WIDTH, _HEIGHT, _FPS = 1280, 720, 30
_WARM_UP = 20
_EMPTY = 150
"""The scene's first pictures: an empty room, and somebody comes in."""


def _candidates(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    picture = {"type": "image", "path": folder / "launch.jpg"}
    slides = {"type": "slideshow", "path": folder / "holiday"}
    behind: dict[str, dict[str, Any]] = {
        "image": picture,
        "color": {"type": "color"},
        "gradient": {"type": "gradient"},
        "video (720p)": {"type": "video", "path": folder / "pan.mp4"},
        "slideshow": slides,
        "slideshow, fading": slides | {"interval": 1, "fade": 1},
        "mask": {"type": "mask"},
        "none": {"type": "none"},
    }
    for style in ("smooth", "bokeh"):
        for strength in (0.3, 0.6, 1):
            blur = {"type": "blur", "style": style, "strength": strength}
            behind[f"blur, {style}, {strength:g}"] = blur
    others: dict[str, dict[str, Any]] = {
        "quality fast": {"matte": {"quality": "fast"}},
        "quality best": {"matte": {"quality": "best"}},
        "mog2": {"segmentation": {"backend": "mog2"}},
        "hybrid": {"segmentation": {"backend": "hybrid"}},
        "decontaminate 0": {"finish": {"decontaminate": 0}},
        "light_wrap 0.4": {"finish": {"light_wrap": 0.4}},
        "color_match 0.5": {"finish": {"color_match": 0.5}},
        "follow person": {"framing": {"follow": "person"}},
    }
    return {name: {"background": background} for name, background in behind.items()} | {
        name: {"background": picture} | other for name, other in others.items()
    }


def _pipeline(settings: Mapping[str, Any]) -> Pipeline:
    config = Config.model_validate(settings)
    background = make_background(config.background, _WIDTH, _HEIGHT, PromptWorker)
    return make_pipeline(config, background, _WIDTH, _HEIGHT)


def _write_video(folder: Path) -> None:
    image = cv2.resize(np.asarray(cv2.imread(str(folder / "launch.jpg"))), (_WIDTH + 60, _HEIGHT))
    sink = VideoSink(folder / "pan.mp4", _WIDTH, _HEIGHT, _FPS)
    for x in range(60):
        part = np.ascontiguousarray(image[:, x : x + _WIDTH], np.uint8)
        sink.send(I420.from_bgr(part))
    sink.close()


def _coded(image: Image) -> Plane:
    return np.asarray(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1], np.uint8)


def measure(frames: int) -> dict[str, float]:
    """Mean milliseconds of CPU per frame, by name: not all frames cost the same."""
    scene, watch = SceneSource(_WIDTH, _HEIGHT, _FPS), Stopwatch()
    out, sent = I420(_WIDTH, _HEIGHT), I420(_WIDTH, _HEIGHT)
    with tempfile.TemporaryDirectory() as made:
        make_files(Path(made))
        _write_video(Path(made))
        pipelines = {name: _pipeline(each) for name, each in _candidates(Path(made)).items()}
        for index in range(_EMPTY + frames):
            jpeg = _coded(np.asarray(scene.read(), np.uint8))
            for name, pipeline in pipelines.items():
                if index < _EMPTY and name not in ("mog2", "hybrid"):
                    continue
                with watch.measure(name):
                    image = decode(jpeg)
                    pipeline.render(Frame(image, index / _FPS), out)
                    sent.copy_from(out)
            watch.finish_frame()
            if index == _EMPTY + _WARM_UP:
                watch.forget()
        for pipeline in pipelines.values():
            pipeline.close()
    return {name: watch.cost(name).cpu_mean for name in pipelines}


def main(frames: int = 300) -> None:
    """Measure and print."""
    costs = measure(frames)
    for name, cost in costs.items():
        sys.stdout.write(f"{name:20} {cost:6.2f} ms {cost / costs['image']:5.2f}\n")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main(*(int(argument) for argument in sys.argv[1:]))
