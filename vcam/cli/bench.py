"""`vcam bench`: what a frame costs on this machine."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import click
import cv2

from vcam.bench import ENGINES, FLOOR, STAGES, Report
from vcam.bench import bench as measure
from vcam.cli.options import config_option, fetch_models_for
from vcam.config import find_config


@click.command()
@config_option
@click.option("--size", "sizes", multiple=True, default=("1280x720", "1920x1080"),
              show_default=True, metavar="WxH", help="May be given several times.")  # fmt: skip
@click.option("--frames", default=200, show_default=True, type=click.IntRange(20, 100_000))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def bench(config_path: Path | None, sizes: tuple[str, ...], frames: int, as_json: bool) -> None:
    """Measure what a frame costs, stage by stage, in CPU time of one thread.

    The floor (decode a JPEG, run the bare network once through MediaPipe, copy one frame) is
    measured in the same run; the ratio to it is what compares between machines.

    \b
    Examples:
      vcam bench
      vcam bench --config configs/blur.yaml --size 1280x720 --json
    """
    config = find_config(config_path).config
    fetch_models_for(config)
    cv2.setNumThreads(1)
    reports = [measure(config, *_size(size), frames) for size in sizes]
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(report) for report in reports], indent=2))
        return
    for report in reports:
        _show(report)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 32:
        return int(width) // 2 * 2, int(height) // 2 * 2
    raise click.BadParameter(f'"{text}" is no size; write it as 1280x720', param_hint="--size")


def _show(report: Report) -> None:
    click.echo(f"{report.width}x{report.height}, {report.frames} frames, ms of CPU time a frame")
    click.echo(f"  {'':10} {'median':>8} {'p99':>8}")
    _show_costs(report, (*STAGES, "frame", FLOOR))
    click.echo("  The bare network, by what runs it (the floor has that of tasks):")
    _show_costs(report, ENGINES)
    memory = f"{report.memory_mb:.0f} MB with MediaPipe for the floor"
    click.echo(f"  {report.ratio:.2f} times the floor; peak memory {memory}")


def _show_costs(report: Report, names: Iterable[str]) -> None:
    for name in names:
        cost = report.stages.get(name)
        if cost is not None:
            click.echo(f"  {name:10} {cost.median:8.2f} {cost.p99:8.2f}")
