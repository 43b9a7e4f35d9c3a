#!/usr/bin/env python
"""How vcam's cost grows: measures it and writes docs/scale.md and docs/scale.svg.

    python scripts/scale.py [--frames N] [--hour N] [--seconds S]

With pixels, with the frame rate, with the person's share of the picture, with the number of people
and over an hour. The defaults take some minutes; `--hour 108000` runs an hour's frames instead of a
part of them.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np

ROOT = Path(__file__).absolute().parents[1]
sys.path.insert(0, str(ROOT))
mpl.use("svg")
from matplotlib import pyplot as plt  # noqa: E402

from vcam.config import Config, parse_config  # noqa: E402
from vcam.images.types import I420, Frame  # noqa: E402
from vcam.pipeline.build import make_configured_background, make_pipeline  # noqa: E402
from vcam.sources.scene.scene import SceneSource  # noqa: E402
from vcam.system.process_memory import resident_mb  # noqa: E402
from vcam.tools.bench import FLOOR, FRAME, Clip, Live, Report, measure, measure_live, scene_clip  # noqa: E402
from vcam.tools.bench.clip import LENGTH, decode, encode  # noqa: E402
from vcam.tools.bench.saved import Saved  # noqa: E402

SIZES = ((640, 360), (1280, 720), (1920, 1080), (3840, 2160))
RATES = (15, 30, 60)
PEOPLE = (1, 2, 3, 4)
SIZE_OF_MANY = 0.45
"""Of each of several people, so that four have room beside each other."""
ZOOMS = (0.0, 0.5, 1.0, 1.6)
HOUR = 108_000
"""Frames of an hour at 30 a second."""
ENTRANCE = 150
"""Pictures of the scene until the figure is there."""


@dataclasses.dataclass(frozen=True)
class Moment:
    """A part of a long run: frames so far, milliseconds of CPU time a frame, resident MB."""

    frames: int
    cost: float
    memory: float


def main() -> None:
    """Measure, and write the page and the plot."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--frames", type=int, default=120, help="for each cost of a frame")
    options.add_argument("--hour", type=int, default=6000, help="for the long run")
    options.add_argument("--seconds", type=float, default=5, help="for each rate")
    asked = options.parse_args()
    cv2.setNumThreads(1)
    config = parse_config("{}", ROOT / "vcam.yaml")
    said("over time")  # first: the others leave much in memory
    hour = long_run(config, asked.hour)
    said("with the frame rate")
    clip = scene_clip(1280, 720)
    rates = [measure_live(config, clip, fps, asked.seconds) for fps in RATES]
    said("with the person's share")
    shares = [(share, measure(config, clip, asked.frames)) for share, clip in map(zoomed, ZOOMS)]
    said("with the number of people")
    crowds = [(count, measure(config, crowded(count), asked.frames)) for count in PEOPLE]
    said("with pixels")
    sizes = [measure(config, scene_clip(*size), asked.frames) for size in SIZES]
    figure = plot(sizes, rates, shares, crowds, hour)
    figure.savefig(ROOT / "docs" / "scale.svg", metadata={"Date": None})
    (ROOT / "docs" / "scale.md").write_text(
        page(sizes, rates, shares, crowds, hour), encoding="utf-8"
    )


def said(what: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"measuring how the cost grows {what}\n")


def zoomed(zoom: float) -> tuple[float, Clip]:
    """The scene with the figure that much larger, and the share of the pixels that it covers."""
    return drawn(f"the figure times {zoom:g}", zoom, (0.5,) if zoom else ())


def crowded(people: int) -> Clip:
    """The scene with so many of the figure side by side, all of the same size."""
    places = [(number + 0.5) / people for number in range(people)]
    return drawn(f"{people} people", SIZE_OF_MANY, places)[1]


def drawn(name: str, zoom: float, places: Sequence[float]) -> tuple[float, Clip]:
    """The scene with the figure of that size at each of the places, and the share that it covers.

    Args:
        name: Of the clip.
        zoom: How large, 1 as in the scene.
        places: Where their middles are, in shares of the width.
    """
    width, height = 1280, 720
    scene = SceneSource(width, height, 30)
    empty = scene.read()
    assert empty is not None  # the scene has no end
    jpegs, shares = [], []
    for index in range(ENTRANCE + LENGTH):
        person = scene.read()
        if person is None or index < ENTRANCE:
            continue
        image, whole = empty, np.zeros((height, width), np.uint8)
        for place in places:
            matrix = np.array(
                [[zoom, 0, (place - zoom / 2) * width], [0, zoom, (1 - zoom) * height]]
            )
            alpha = cv2.warpAffine(scene.alpha, matrix, (width, height))
            weight = alpha / np.float32(255)
            one = cv2.warpAffine(person, matrix, (width, height))
            image = np.asarray(cv2.blendLinear(one, image, weight, 1 - weight), np.uint8)
            whole = np.asarray(cv2.max(whole, alpha), np.uint8)
        jpegs.append(encode(image))
        shares.append(np.count_nonzero(whole > 127) / whole.size)
    return float(np.mean(shares)), Clip(name, width, height, jpegs)


def long_run(config: Config, frames: int) -> list[Moment]:
    """So many frames as fast as they go, looked at in twelve parts."""
    width, height = 640, 360
    config = config.model_copy(
        update={"output": config.output.model_copy(update={"width": width, "height": height})}
    )
    pipeline = make_pipeline(config, make_configured_background(config), width, height)
    clip, out = scene_clip(width, height), I420(width, height)
    moments, part = [], max(1, frames // 12)
    for start in range(0, frames, part):
        before = time.process_time()
        for index in range(start, start + part):
            pipeline.render(Frame(decode(clip.at(index)), index / 30), out)
        cost = (time.process_time() - before) / part * 1e3
        moments.append(Moment(start + part, cost, resident_mb() or 0.0))
    pipeline.close()
    return moments


def plot(
    sizes: list[Report],
    rates: list[Live],
    shares: list[tuple[float, Report]],
    crowds: list[tuple[int, Report]],
    hour: list[Moment],
) -> Any:
    """Five small charts."""
    plt.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "vcam"}
    plt.rcParams |= {"font.size": 9, "axes.grid": True, "grid.alpha": 0.3}
    figure, ((a, b, e), (c, d, unused)) = plt.subplots(
        2, 3, figsize=(11, 5.4), layout="constrained"
    )
    unused.axis("off")
    pixels = [report.width * report.height / 1e6 for report in sizes]
    a.plot(pixels, [report.costs[FRAME].cpu_mean for report in sizes], "o-", label="a frame")
    a.plot(pixels, [report.costs[FLOOR].cpu_mean for report in sizes], "s--", label="the floor")
    a.set(xlabel="megapixels", ylabel="ms of CPU time")
    a.legend()
    b.plot([live.wanted_fps for live in rates], [live.cores for live in rates], "o-")
    b.set(xlabel="frames a second", ylabel="cores")
    c.plot([100 * s for s, _ in shares], [r.costs[FRAME].cpu_mean for _, r in shares], "o-")
    c.set(xlabel="person, % of the picture", ylabel="ms of CPU time")
    e.plot([count for count, _ in crowds], [r.costs[FRAME].cpu_mean for _, r in crowds], "o-")
    e.set(xlabel="people", ylabel="ms of CPU time", xticks=PEOPLE)
    minutes = [moment.frames / 1800 for moment in hour]
    d.plot(minutes, [moment.memory for moment in hour], "o-", label="MB")
    d.plot(minutes, [moment.cost for moment in hour], "s--", label="ms a frame")
    d.set(xlabel="minutes at 30 frames a second")
    d.legend()
    for axes in (a, b, c, d, e):
        axes.set_ylim(bottom=0)
    return figure


def page(
    sizes: list[Report],
    rates: list[Live],
    shares: list[tuple[float, Report]],
    crowds: list[tuple[int, Report]],
    hour: list[Moment],
) -> str:
    """docs/scale.md."""
    load = f"{busy()} on {os.cpu_count()} cores"
    first, last = hour[1], hour[-1]
    growth = (last.memory - first.memory) / (last.frames - first.frames) * HOUR
    return f"""# How the cost grows

Written by `python scripts/scale.py` on
{Saved([]).machine};
measured with the default configuration on the built-in scene. Machines differ, and what else they
do: compare the ratio to the floor (decode a JPEG through OpenCV, run the bare network once through
MediaPipe, copy a frame), which is measured in the same run, and not milliseconds. `vcam bench`
measures all this on yours. When this run ended, the system's load was {load}.

![How the cost grows with pixels, rate, the person's share, people and time](scale.svg)

## With pixels

CPU time of a frame, mean. The network sees a picture of the same small size whatever the
camera's is; what grows is decoding, the edges of the matte and blending.

{by_size(sizes)}

## With the frame rate

A bridge in real time in a process of its own at 1280x720, from the camera's JPEG to a copy as a
driver makes it. Latency is from captured to sent.

{by_rate(rates)}

## With the person's share of the picture

At 1280x720, the figure drawn smaller and larger. Only the part of the frame in which there is a
person is blended.

{by_share(shares)}

## With the number of people

At 1280x720, the figure drawn small, side by side. Of a group the mask is carried along between
looks, and the looks take turns.

{by_people(crowds)}

## Over an hour

{last.frames} frames at 640x360 as fast as they go: {last.frames / 1800:.1f} minutes of 30 frames
a second. Carried on to an hour of {HOUR} frames, memory grows by {growth:+.1f} MB.

{by_time([first, hour[len(hour) // 2], last])}
"""


def busy() -> str:
    """The load of the machine in the last minute."""
    if sys.platform == "win32":
        return "unknown"
    return f"{os.getloadavg()[0]:.1f}"


def by_size(reports: list[Report]) -> str:
    """Rows: sizes."""
    rows = []
    for report in reports:
        frame, floor = report.costs[FRAME].cpu_mean, report.costs[FLOOR].cpu_mean
        megapixels = report.width * report.height / 1e6
        size = f"{report.width}x{report.height}"
        rows.append((size, ms(frame), ms(floor), f"{report.ratio:.2f}", ms(frame / megapixels)))
    return table(("size", "a frame", "the floor", "ratio", "per megapixel"), rows)


def by_rate(lives: list[Live]) -> str:
    """Rows: rates."""
    rows = []
    for live in lives:
        late = map(ms, (live.latency_ms, live.latency_p99_ms, live.latency_max_ms))
        rates = f"{live.wanted_fps:g} fps", f"{live.fps:.1f} fps"
        memory = f"{live.memory_mb or 0:.0f} MB"
        rows.append((*rates, str(live.dropped), f"{live.cores:.2f}", *late, memory))
    head = "asked for", "sent", "dropped", "cores", "latency", "p99", "longest", "memory"
    return table(head, rows)


def by_share(shares: list[tuple[float, Report]]) -> str:
    """Rows: shares of the picture."""
    parts = FRAME, "matte", "composite"
    rows = [
        (f"{100 * share:.0f} %", *(ms(report.costs[part].cpu_mean) for part in parts))
        for share, report in shares
    ]
    return table(("share", "a frame", "of which matte", "of which composite"), rows)


def by_people(crowds: list[tuple[int, Report]]) -> str:
    """Rows: numbers of people."""
    parts = FRAME, "inference", "matte", "composite"
    rows = [
        (str(count), *(ms(report.costs[part].cpu_mean) for part in parts))
        for count, report in crowds
    ]
    head = "people", "a frame", "of which networks", "of which matte", "of which composite"
    return table(head, rows)


def by_time(moments: list[Moment]) -> str:
    """Rows: moments of a long run."""
    rows = [(f"{m.frames} frames", ms(m.cost), f"{m.memory:.1f} MB") for m in moments]
    return table(("after", "a frame", "memory"), rows)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ms(milliseconds: float) -> str:
    """For people."""
    return f"{milliseconds:.1f} ms"


if __name__ == "__main__":
    main()
