"""Comparing a run with a saved one, as ratios."""

from __future__ import annotations

from collections.abc import Iterator

from vcam.tools.bench.realtime import Live
from vcam.tools.bench.saved import Result, Saved
from vcam.tools.bench.table import FLOOR, FRAME, STAGES, Report, name_of

_HARDLY = 0.02
"""Milliseconds below which a ratio is meaningless."""


def compared(now: Saved, before: Saved) -> Iterator[str]:
    """Lines of text: the ratio of each figure that was measured both times.

    Machines differ, even from hour to hour: figures divided by the floor of the same run compare
    best.
    """
    known = {result.report.title: result for result in before.results}
    if now.machine != before.machine:
        yield f"the saved run was on another machine: {before.machine}"
    for result in now.results:
        then = known.get(result.report.title)
        if then is None:
            yield f"{result.report.title}: not in the saved run"
            continue
        yield f"{result.report.title}: now, then, ratio"
        yield from _rows(_figures(result), _figures(then))
    if now.start and before.start:
        yield "from the command to the first frame: now, then, ratio"
        yield from _rows({"seconds": now.start.total}, {"seconds": before.start.total})


def _figures(result: Result) -> dict[str, float]:
    return _of_frames(result.report) | (_of_bridge(result.live) if result.live else {})


def _of_frames(report: Report) -> dict[str, float]:
    figures = {name_of(name): report.costs[name].cpu_mean for name in (*STAGES, FRAME, FLOOR)}
    return figures | {"times the floor": report.ratio}


def _of_bridge(live: Live) -> dict[str, float]:
    figures = {"cores": live.cores, "latency p99": live.latency_p99_ms}
    return figures | ({"memory, MB": live.memory_mb} if live.memory_mb else {})


def _rows(now: dict[str, float], then: dict[str, float]) -> Iterator[str]:
    for name, figure in now.items():
        was = then.get(name)
        if was is not None and max(figure, was) >= _HARDLY:
            ratio = f"{figure / was:7.2f}" if was else f"{'':7}"
            yield f"  {name:16} {figure:8.2f} {was:8.2f} {ratio}"
