"""A file through the same pipeline as a call, as fast as it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vcam.backgrounds import make_background
from vcam.backgrounds.worker import PromptWorker
from vcam.config import Config
from vcam.errors import SinkError, SourceError
from vcam.images.files import is_picture, read_picture, write_picture
from vcam.images.types import I420, Frame
from vcam.pipeline.build import make_pipeline
from vcam.pipeline.pipeline import Pipeline
from vcam.sinks.base import Sink
from vcam.sinks.video import VideoSink
from vcam.sources.base import Source
from vcam.sources.video import VideoSource

Progress = Callable[[int], None]
"""Told how many frames are done."""


def process_picture(config: Config, source: Path, target: Path) -> None:
    """Put a still picture before the configured background.

    Raises:
        SourceError: The picture cannot be read, or the segmenter needs more than one frame.
        SinkError: The result cannot be written.
        VcamError: A stage cannot be made, or fails on the picture.
    """
    if config.segmentation.backend == "mog2":
        raise SourceError(
            f"MOG2 learns the empty room from a video, and {source} is a single picture",
            "set segmentation.backend: mediapipe",
        )
    _check_target(source, target)
    if not is_picture(target):
        raise SinkError(f"{source} is a picture, and {target} is not", "end its name in .png")
    image = read_picture(source)
    height, width = image.shape[:2]
    background = make_background(config.background, width, height)
    pipeline = make_pipeline(config, background, width, height)
    out = I420(width, height)
    result = pipeline.render(Frame(image, 0.0), out)
    pipeline.close()
    if result.error:
        raise SourceError(f"{source} could not be processed ({result.error})")
    write_picture(target, out.to_bgr())


def process_video(config: Config, video: VideoSource, target: Path, progress: Progress) -> int:
    """Put every frame of a video before the configured background; sound is left out.

    The result has the source's rate and size (an odd last row or column is dropped). A video or
    slideshow behind the person goes on by the source's time, so two runs give the same frames.

    Returns:
        How many frames were written.

    Raises:
        SinkError: The result cannot be written.
        VcamError: A stage cannot be made.
    """
    _check_target(video.path, target)
    width, height = video.width - video.width % 2, video.height - video.height % 2
    background = make_background(config.background, width, height, PromptWorker)
    pipeline = make_pipeline(config, background, width, height)
    unfinished = target.with_name(f"unfinished-{target.name}")
    sink = VideoSink(unfinished, width, height, video.fps)
    try:
        count = carry(video, pipeline, sink, I420(width, height), progress)
    except BaseException:  # Ctrl-C too: half a video is of no use
        sink.close()
        unfinished.unlink(missing_ok=True)
        raise
    finally:
        pipeline.close()
    sink.close()
    unfinished.replace(target)
    return count


def _check_target(source: Path, target: Path) -> None:
    if target.exists() and target.samefile(source):
        raise SinkError(f"{target} is the source itself", "name another file for the result")


def carry(
    source: Source, pipeline: Pipeline, sink: Sink, out: I420, progress: Progress,
    most: int | None = None,
) -> int:  # fmt: skip
    """Render frames of `source` into `sink` until its end, or `most` of them; how many."""
    count = 0
    while most is None or count < most:
        image = source.read()
        if image is None:
            break
        pipeline.render(Frame(image, count / (source.fps or 30.0)), out)
        sink.send(out)
        count += 1
        progress(count)
    return count
