"""The measurements as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vcam.tools.bench.stopwatch import Cost

STAGES = (
    "decode",
    "framing",
    "input",
    "inference",
    "matte",
    "background",
    "finish",
    "composite",
    "send",
    "other",
)
"""They add up to a frame."""

FRAME, FLOOR = "frame", "floor"

_NAMES = {
    "input": "to model input",
    "other": "everything else",
    FRAME: "the whole frame",
    FLOOR: "the floor",
    "tasks": "MediaPipe Tasks",
    "litert": "LiteRT",
}


@dataclass(frozen=True)
class Report:
    """The cost of one configuration's frames at one size.

    Attributes:
        width: Of the frames, pixels.
        height: Of the frames, pixels.
        backend: The segmenter.
        quality: Of the matte.
        background: Its type.
        clip: The clip's name.
        frames: How many were measured.
        costs: Of each of STAGES, of FRAME and FLOOR, and of one bare call of the network by
            each engine ("tasks", "litert") that is here and takes the model.
        ratio: Mean CPU time of a frame divided by that of the floor.
        faults: Minor page faults per frame: they reveal large allocations per frame. None if
            unknown.
        covered: Number of frames without the person.
    """

    width: int
    height: int
    backend: str
    quality: str
    background: str
    clip: str
    frames: int
    costs: dict[str, Cost]
    ratio: float
    faults: float | None
    covered: int

    @property
    def title(self) -> str:
        """What was measured, such as "1280x720, mediapipe balanced, blur"."""
        clip = "" if self.clip == "scene" else f", {self.clip}"
        return f"{self.width}x{self.height}, {self.backend} {self.quality}, {self.background}{clip}"


def name_of(part: str) -> str:
    """What a part of a frame is called for people."""
    return _NAMES.get(part, part)


def table(report: Report) -> Iterator[str]:
    """Lines for people."""
    yield f"{report.title}: {report.frames} frames, milliseconds a frame"
    yield f"  {'':16} {'CPU mean':>8} {'median':>8} {'p99':>8} {'wall':>8} {'p99':>8}"
    yield from _rows(report, (*STAGES, FRAME, FLOOR))
    yield "  The bare network, by what runs it (the floor has that of Tasks):"
    yield from _rows(report, ("tasks", "litert"))
    faults = "" if report.faults is None else f"; {report.faults:.0f} new pages of memory a frame"
    yield f"  {report.ratio:.2f} times the floor{faults}"
    if report.covered:
        yield f"  {report.covered} of the frames showed no person: they cost less than others"


def _rows(report: Report, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        cost = report.costs.get(name)
        if cost is not None:
            figures = (cost.cpu_mean, cost.cpu, cost.cpu_p99, cost.wall, cost.wall_p99)
            shown = " ".join(f"{figure:8.2f}" for figure in figures)
            yield f"  {name_of(name):16} {shown}"
