"""`vcam process`: a file through the pipeline."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import cv2

from vcam.cli.options import config_option, fetch_models_for
from vcam.cli.target import check_free, overwrite_option
from vcam.config import Config, find_config
from vcam.images.files import is_picture
from vcam.pipeline.file import process_picture, process_video
from vcam.printable import printable
from vcam.sources.video import VideoSource


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@config_option
@overwrite_option
def process(source: Path, target: Path, config_path: Path | None, overwrite: bool) -> None:
    """Put IN, a video or a picture, before the configured background and write OUT.

    OUT has the size and rate of IN. The sound of a video is left out.

    \b
    Examples:
      vcam process me.mp4 out.mp4
      vcam process me.jpg out.png --config configs/blur.yaml
    """
    config = find_config(config_path).config
    check_free(target, overwrite)
    fetch_models_for(config)
    cv2.setNumThreads(1)
    if is_picture(source):
        process_picture(config, source, target)
        click.echo(f"wrote {printable(target)}")
    else:
        _video(config, source, target)


def _video(config: Config, source: Path, target: Path) -> None:
    video = VideoSource(source, loop=False)
    try:
        with click.progressbar(
            length=video.frames or 1, label=printable(source.name), file=sys.stderr
        ) as bar:
            count = process_video(config, video, target, lambda done: bar.update(1))
    finally:
        video.close()
    click.echo(f"wrote {printable(target)}: {count} frames; the sound, if any, was left out")
