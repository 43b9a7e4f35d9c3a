from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vcam.bench import FLOOR, STAGES, bench
from vcam.config import parse_config


def test_every_stage_is_measured_and_the_whole_is_their_sum() -> None:
    config = parse_config("background: {type: blur}\n", Path("vcam.yaml"))
    report = bench(config, 320, 180, 20)
    for stage in ("decode", "segment", "matte", "background", "composite", "send"):
        assert report.stages[stage].median > 0, stage
    total = sum(report.stages[stage].median for stage in STAGES)
    assert total == pytest.approx(report.stages["frame"].median, rel=0.2)
    assert report.ratio == report.stages["frame"].median / report.stages[FLOOR].median


def test_floor_holds_a_call_of_tasks_whatever_runs_the_network() -> None:
    pytest.importorskip("ai_edge_litert")
    config = parse_config("segmentation: {mediapipe: {engine: litert}}\n", Path("vcam.yaml"))
    stages = bench(config, 320, 180, 20).stages
    assert stages[FLOOR].median >= stages["tasks"].median > 0
    assert stages["litert"].median > 0


def test_bench_does_without_litert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    stages = bench(
        parse_config("background: {type: blur}\n", Path("vcam.yaml")), 320, 180, 20
    ).stages
    assert "litert" not in stages
    assert stages["tasks"].median > 0
