"""`vcam demo`: the built-in scene through the pipeline, with or without devices."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click
import cv2
import numpy as np

from vcam.cli.invocation import as_typed
from vcam.cli.options import NumberRange, config_option, fetch_models_for, with_scene
from vcam.cli.run import run_in_foreground
from vcam.cli.target import check_free, overwrite_option, unused_path
from vcam.config import Config, LoadedConfig, find_config
from vcam.errors import SinkError
from vcam.images.picture_files import write_picture
from vcam.images.published import published
from vcam.images.types import I420, Frame, Image
from vcam.pipeline.build import make_configured_background, make_pipeline
from vcam.sinks.video import VideoSink, check_writable
from vcam.sources import open_source
from vcam.system.printable import printable

_PICTURE = ".png"
_SHOWN_AT = 0.6
"""Where in the clip the picture is taken, 0..1: the figure is well in the room then."""


@click.command()
@config_option
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="Write a clip to FILE, even where there is a virtual camera.")  # fmt: skip
@click.option("--seconds", default=10.0, show_default=True, type=NumberRange(1, 600),
              help="Length of the clip.")  # fmt: skip
@overwrite_option
def demo(config_path: Path | None, output: Path | None, seconds: float, overwrite: bool) -> None:
    """Show vcam at work on a built-in scene: no camera is needed.

    Where there is a virtual camera, the scene goes to it until Ctrl-C. Elsewhere a clip is
    written (vcam-demo.mp4), and a picture of the scene before and after (vcam-demo.png); where
    such files are there, the new ones get a number.

    \b
    Examples:
      vcam demo
      vcam demo --config configs/blur.yaml --output blurred.mp4
    """
    config = with_scene(find_config(config_path).config)
    if output is not None:
        for path in (output, output.with_suffix(_PICTURE)):
            check_free(path, overwrite)
    fetch_models_for(config)
    if output is None:
        try:
            run_in_foreground(LoadedConfig(config, None), follow=False)
            return
        except SinkError as error:
            click.echo(f"no virtual camera here ({error.problem}); writing a clip instead")
            click.echo(as_typed(f"  to get one: {error.cure}"))
    _write_clip(config, output or unused_path(Path("vcam-demo.mp4"), (".mp4", _PICTURE)), seconds)


def _write_clip(config: Config, target: Path, seconds: float) -> None:
    """Write the clip and the picture; on Ctrl-C neither is kept."""
    picture = target.with_suffix(_PICTURE)
    for path in (target, picture):
        check_writable(path)
    with published(picture) as unfinished_picture, published(target) as unfinished:
        _render(config, unfinished, unfinished_picture, target, seconds)
    files = printable(f"{target}, and {picture}")
    click.echo(f"wrote {files}: the camera's picture beside what viewers see")


def _render(config: Config, clip: Path, picture: Path, name: Path, seconds: float) -> None:
    cv2.setNumThreads(1)
    output = config.output
    with ExitStack() as stack:
        scene = open_source(config)
        stack.callback(scene.close)
        background = make_configured_background(config)
        pipeline = make_pipeline(config, background, output.width, output.height)
        stack.callback(pipeline.close)
        sink = VideoSink(clip, output.width, output.height, output.fps, name=name)
        stack.callback(sink.close)
        out = I420(output.width, output.height)
        steps = range(max(round(seconds * output.fps), 1))
        with click.progressbar(steps, label="Rendering", file=sys.stderr) as bar:
            for step in bar:
                image = scene.read()
                assert image is not None  # the scene has no end
                pipeline.render(Frame(image, step / output.fps), out)
                sink.send(out)
                if step == int(_SHOWN_AT * len(steps)):
                    write_picture(picture, _side_by_side(image, out))


def _side_by_side(image: Image, out: I420) -> Image:
    return np.hstack([image, out.to_bgr()])
