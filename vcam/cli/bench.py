"""`vcam bench`: measuring vcam's cost on this machine."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import cv2

from vcam import native
from vcam.cli.options import NumberRange, config_option, fetch_models_for
from vcam.config import Config, find_config, parse_config
from vcam.errors import ServiceError
from vcam.system.printable import printable
from vcam.tools import bench as measured
from vcam.tools.bench import Clip, Live, Result, Saved, Start

P = ParamSpec("P")
T = TypeVar("T")

_BACKENDS = ("mediapipe", "mog2", "hybrid", "chroma")


@click.command()
@config_option
@click.option("--size", "sizes", multiple=True, default=("1280x720", "1920x1080"),
              show_default=True, metavar="WxH", help="May be given several times.")  # fmt: skip
@click.option("--backend", "backends", multiple=True, type=click.Choice(_BACKENDS),
              help="Instead of the YAML file's; may be given again.")  # fmt: skip
@click.option("--quality", "qualities", multiple=True,
              type=click.Choice(("fast", "balanced", "best", "studio")),
              help="Of the matte, likewise.")  # fmt: skip
@click.option("--background", "backgrounds", multiple=True, metavar="TYPE",
              help="Such as blur, likewise.")  # fmt: skip
@click.option("--input", "source", type=click.Path(path_type=Path), metavar="FILE",
              help="The first pictures of a video instead of the built-in scene.")  # fmt: skip
@click.option("--still", is_flag=True,
              help="Nothing moves: one picture over and over, with a camera's noise.")  # fmt: skip
@click.option("--busy", is_flag=True, help="The figure of the scene waves all the time.")
@click.option("--frames", default=200, show_default=True, type=click.IntRange(20, 1_000_000))
@click.option("--fps", default=30.0, show_default=True, type=NumberRange(1, 240),
              help="Rate of camera and output in real time.")  # fmt: skip
@click.option("--seconds", default=5.0, show_default=True, type=NumberRange(0, 3600),
              help="How long to run in real time; 0 leaves that out.")  # fmt: skip
@click.option("--starts", default=5, show_default=True, type=click.IntRange(0, 100),
              help="How often to start; 0 leaves that out.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs, and for --compare.")
@click.option("--compare", type=click.Path(path_type=Path), metavar="FILE",
              help="A run saved with --json: shows what has changed, as ratios.")  # fmt: skip
def bench(
    config_path: Path | None, sizes: tuple[str, ...], backends: tuple[str, ...],
    qualities: tuple[str, ...], backgrounds: tuple[str, ...], source: Path | None,
    still: bool, busy: bool, frames: int, fps: float, seconds: float, starts: int, as_json: bool,
    compare: Path | None,
) -> None:  # fmt: skip
    """Measure what a frame costs, stage by stage, and how a bridge does in real time.

    The pictures move as people in calls do: the figure of the built-in scene talks, nods and
    gestures. They go through the pipeline one after the other in one thread. The floor (decode a
    JPEG through OpenCV, run the bare landscape network once through MediaPipe, copy one frame)
    is measured in the same run, whatever the pipeline runs; the ratio to it is what compares
    between machines. Then a bridge runs in a process of its own,
    at a camera's rate; and in the end it is started several times, to see where that time goes.

    \b
    Examples:
      vcam bench
      vcam bench --background blur --background color --size 1280x720
      vcam bench --size 1920x1080 --fps 60 --seconds 30
      vcam bench --still --size 1280x720
      vcam bench --json > before.json
      vcam bench --compare before.json
    """
    if busy and (still or source):
        raise click.UsageError("--busy is for the built-in scene, and it is not --still")
    before = Saved.load(compare) if compare else None
    config = find_config(config_path).config
    chosen = itertools.product(backends or [None], qualities or [None], backgrounds or [None])
    cases = list(itertools.product(map(_size, sizes), [_with(config, *each) for each in chosen]))
    cv2.setNumThreads(1)
    if native.library() is None:
        click.echo(native.MISSING, err=True)
    results: list[Result] = []
    for size, case in cases:
        fetch_models_for(case)
        clip = _clip(source, *size, learns=case.segmentation.learns_room, busy=busy)
        clip = measured.still_clip(clip) if still else clip
        results.append(Result(measured.measure(case, clip, frames)))
        shows = not (as_json or before)
        if shows:
            _say(measured.table(results[-1].report))
        live = (
            _measured_or_error(measured.measure_live, case, clip, fps, seconds) if seconds else None
        )
        results[-1] = replace(results[-1], live=live)
        if live and shows:
            _say(_live_lines(live))
    start = _measured_or_error(_start, config, starts) if starts else None
    now = Saved(results, start)
    if as_json:
        click.echo(now.to_json())
    elif before:
        _say(measured.compared(now, before))
    elif start:
        _say(_start_lines(start, starts))


def _measured_or_error(measure: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """The measurement, or why a bridge did not start: the other figures are still printed."""
    try:
        return measure(*args, **kwargs)
    except ServiceError as error:
        click.echo(f"  Not measured: {error.problem}", err=True)
        return None


def _start(config: Config, starts: int) -> Start:
    fetch_models_for(config)
    output = config.output
    clip = _clip(None, output.width, output.height, learns=config.segmentation.learns_room)
    return measured.measure_start(config, clip, starts)


def _with(
    config: Config, backend: str | None, quality: str | None, background: str | None
) -> Config:
    """`config` with other settings, if there are any, validated again."""
    settings: dict[str, Any] = config.model_dump(mode="json")
    settings["segmentation"]["backend"] = backend or config.segmentation.backend
    settings["matte"]["quality"] = quality or config.matte.quality
    settings["background"]["type"] = background or config.background.type
    return parse_config(json.dumps(settings), Path("the command line"))


def _clip(source: Path | None, width: int, height: int, learns: bool, busy: bool = False) -> Clip:
    if source:
        return measured.file_clip(source, width, height)
    return measured.scene_clip(width, height, with_entrance=learns, busy=busy)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 32:
        return int(width) // 2 * 2, int(height) // 2 * 2
    raise click.BadParameter(f'"{text}" is no size; write it as 1280x720', param_hint="--size")


def _live_lines(live: Live) -> list[str]:
    late = f"p99 {live.latency_p99_ms:.1f}, longest {live.latency_max_ms:.1f} ms"
    memory = f"; {live.memory_mb:.0f} MB" if live.memory_mb else ""
    lines = [
        f"  A bridge at {live.wanted_fps:g} fps for {live.seconds:.0f} s: {live.fps:.1f} fps out, "
        f"{live.fresh:.1f} of them new, {live.dropped} dropped, {live.cores:.2f} of a core{memory}",
        f"  From captured to sent: median {live.latency_ms:.1f}, {late}",
    ]
    return [*lines, f"  Quality is {live.quality}"] if live.quality else lines


def _start_lines(start: Start, starts: int) -> list[str]:
    return [
        f"From the command to the first frame: {start.total:.2f} s (median of {starts})",
        f"  Python {start.python:.2f}, imports {start.imports:.2f}, "
        f"configuration {start.config:.2f},",
        f"  model {start.model:.2f} and beside it the clip for a camera {start.camera:.2f}",
    ]


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line))
