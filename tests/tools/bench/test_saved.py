from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from vcam.errors import ConfigError
from vcam.tools.bench import (
    FLOOR,
    FRAME,
    STAGES,
    Cost,
    Live,
    Report,
    Result,
    Saved,
    Start,
    compared,
)

LIVE = Live(
    wanted_fps=30, seconds=5, cores=0.4, fps=30, fresh=29, dropped=0,
    latency_ms=5, latency_p99_ms=8, latency_max_ms=9, faults=0, memory_mb=None,
)  # fmt: skip
START = Start(python=0.01, imports=0.5, config=0.05, model=0.05, camera=0.0, total=0.7)


def report(milliseconds: float) -> Report:
    cost = Cost(milliseconds, milliseconds, 2 * milliseconds, milliseconds, 2 * milliseconds)
    costs = dict.fromkeys((*STAGES, FRAME, FLOOR), cost)
    return Report(1280, 720, "mediapipe", "balanced", "blur", "scene", 100, costs, 1.5, None, 0)


def test_a_run_is_the_same_after_saving(tmp_path: Path) -> None:
    run = Saved([Result(report(2.0), LIVE), Result(report(3.0))], START)
    path = tmp_path / "run.json"
    path.write_text(run.to_json())
    assert Saved.load(path) == run


@pytest.mark.parametrize("content", [b"{}", b"no JSON", b"[1, 2]", b"\xff\xfe"])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is no run of this version's bench"):
        Saved.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Saved.load(tmp_path / "none.json")


def test_each_figure_is_compared_with_that_of_the_same_configuration() -> None:
    faster = dataclasses.replace(LIVE, cores=0.2)
    now = Saved([Result(report(3.0), faster)], START)
    before = Saved([Result(report(2.0), LIVE)], dataclasses.replace(START, total=1.4))
    lines = [line.split() for line in compared(now, before)]
    assert ["inference", "3.00", "2.00", "1.50"] in lines
    assert ["cores", "0.20", "0.40", "0.50"] in lines
    assert ["seconds", "0.70", "1.40", "0.50"] in lines


def test_what_was_not_measured_then_or_there_is_told() -> None:
    other = dataclasses.replace(report(2.0), width=1920)
    before = Saved([Result(other)], machine="a toaster")
    lines = list(compared(Saved([Result(report(3.0))]), before))
    assert lines == [
        "the saved run was on another machine: a toaster",
        "1280x720, mediapipe balanced, blur: not in the saved run",
    ]
