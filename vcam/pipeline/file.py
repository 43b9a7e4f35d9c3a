"""Processing a file with the pipeline of a live call, as fast as possible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vcam.backgrounds import make_background
from vcam.backgrounds.worker import MakeWorker, PromptWorker, ThreadWorker
from vcam.config import Config
from vcam.errors import SinkError, SourceError
from vcam.images.picture_files import (
    check_holds_alpha,
    holds_picture,
    is_picture,
    read_picture,
    write_picture,
)
from vcam.images.published import published
from vcam.images.types import I420, Frame, Image
from vcam.images.video_file import VideoFile
from vcam.pipeline.build import make_pipeline
from vcam.pipeline.pipeline import Pipeline
from vcam.pipeline.rendered import Rendered
from vcam.pipeline.transparent import TransparentFrame, before_nothing, is_transparent
from vcam.sinks.video import VideoSink, check_writable
from vcam.sources.video import open_video

Progress = Callable[[int], None]
"""Called with the number of frames done."""


def open_moving(source: Path) -> VideoFile | None:
    """Open a video file, with its sound; None if the file is a picture.

    Its content decides, and only where that is ambiguous its name.

    Raises:
        SourceError: It is missing, or neither.
    """
    if holds_picture(source):
        return None
    try:
        return open_video(source, with_sound=True)
    except SourceError:
        if is_picture(source):
            return None
        raise


def process_picture(config: Config, source: Path, target: Path) -> None:
    """Replace the background of a still picture as configured.

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
    if is_transparent(config):
        check_holds_alpha(target)
    image = read_picture(source)
    width, height = _turned(config, image.shape[1], image.shape[0])
    pipeline = _pipeline(config, width, height)
    out = _Out(config, width, height)
    try:
        result = out.render(pipeline, Frame(image, 0.0))
    finally:
        pipeline.close()
    if result.error:
        raise SourceError(f"{source} could not be processed ({result.error})")
    write_picture(target, out.to_picture())


def process_video(config: Config, video: VideoFile, target: Path, progress: Progress) -> int:
    """Replace the background of every frame of a video as configured, and keep its sound.

    The result has the source's times and size (an odd last row or column is dropped). A video or
    slideshow background follows the source's timestamps, so two runs give the same frames.

    Returns:
        How many frames were written.

    Raises:
        SinkError: The result cannot be written.
        VcamError: A stage cannot be made.
    """
    _check_target(video.path, target)
    check_writable(target)
    width, height = _turned(config, video.width, video.height)
    width, height = width - width % 2, height - height % 2
    pipeline = _pipeline(config, width, height, PromptWorker)
    try:
        with published(target) as unfinished:
            sink = VideoSink(
                unfinished, width, height, video.fps, video.sound, video.origin, name=target,
                has_alpha=is_transparent(config),
            )  # fmt: skip
            try:
                return _carry(video, pipeline, sink, _Out(config, width, height), progress)
            finally:
                sink.close()
    finally:
        pipeline.close()


class _Out:
    """A rendered frame: a picture, with an alpha if the background is transparent."""

    def __init__(self, config: Config, width: int, height: int) -> None:
        self.picture = I420(width, height)
        self._cutout = TransparentFrame(width, height) if is_transparent(config) else None

    def render(self, pipeline: Pipeline, frame: Frame) -> Rendered:
        result = pipeline.render(frame, self.picture)
        if self._cutout is not None:
            self._cutout.load(result.layers.person if result.layers else None)
        return result

    def send(self, sink: VideoSink, time: float) -> None:
        if self._cutout is None:
            sink.send_at(self.picture, time)
        else:
            sink.send_at(self._cutout.picture, time, self._cutout.alpha)

    def to_picture(self) -> Image:
        return self.picture.to_bgr() if self._cutout is None else self._cutout.to_bgra()


def _pipeline(
    config: Config, width: int, height: int, make_worker: MakeWorker = ThreadWorker
) -> Pipeline:
    seen = before_nothing(config) if is_transparent(config) else config
    background = make_background(seen.background, width, height, make_worker)
    return make_pipeline(seen, background, width, height)


def _turned(config: Config, width: int, height: int) -> tuple[int, int]:
    """Width and height of a picture after `camera.rotate`."""
    return (height, width) if config.camera.rotate in (90, 270) else (width, height)


def _check_target(source: Path, target: Path) -> None:
    if target.exists() and target.samefile(source):
        raise SinkError(f"{target} is the source itself", "name another file for the result")


def _carry(
    video: VideoFile, pipeline: Pipeline, sink: VideoSink, out: _Out, progress: Progress
) -> int:
    """Render all frames into `sink` with their own timestamps; returns how many."""
    if sink.sound_track is not None:
        video.listen(sink.sound_track.add)
    count = 0
    while (begin := video.advance()) is not None:
        image = video.image()
        if image is None:
            continue
        out.render(pipeline, Frame(image, begin))
        out.send(sink, begin)
        count += 1
        progress(count)
    return count
