"""`vcam process`: processing a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import cv2

from vcam.cli.options import config_option, fetch_models_for
from vcam.cli.target import check_free, overwrite_option
from vcam.config import Config, find_config
from vcam.images.video_file import VideoFile
from vcam.pipeline.file import open_moving, process_picture, process_video
from vcam.system.printable import printable


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@config_option
@click.option("--transparent", is_flag=True,
              help="Nothing behind: OUT is .png or .webp, of a video .webm or .mov.")  # fmt: skip
@overwrite_option
def process(
    source: Path, target: Path, config_path: Path | None, transparent: bool, overwrite: bool
) -> None:
    """Put IN, a video or a picture, before the configured background and write OUT.

    OUT has the size of IN, and the rate and the sound of a video. End its name in .mp4, .mov,
    .mkv (H.264), .webm (VP9) or .avi, or for a picture in .png, .jpg or .webp.

    \b
    Examples:
      vcam process me.mp4 out.mp4
      vcam process me.jpg out.png --config configs/blur.yaml
      vcam process --transparent me.mp4 me.webm
    """
    config = find_config(config_path).config
    if transparent:
        background = config.background.model_copy(update={"type": "transparent"})
        config = config.model_copy(update={"background": background})
    check_free(target, overwrite)
    fetch_models_for(config)
    cv2.setNumThreads(1)
    video = open_moving(source)
    if video is None:
        process_picture(config, source, target)
        click.echo(f"wrote {printable(target)}")
    else:
        _video(config, video, target)


def _video(config: Config, video: VideoFile, target: Path) -> None:
    length, name = video.frames or 1, video.path.name
    try:
        with click.progressbar(length=length, label=printable(name), file=sys.stderr) as bar:
            count = process_video(config, video, target, lambda done: bar.update(1))
    finally:
        video.close()
    sound = "with its sound" if video.sound is not None else "without sound, as it came"
    click.echo(f"wrote {printable(target)}: {count} frames, {sound}")
