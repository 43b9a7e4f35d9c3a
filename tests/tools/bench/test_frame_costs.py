from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vcam.config import Config, parse_config
from vcam.tools.bench import FLOOR, FRAME, STAGES, measure, scene_clip
from vcam.tools.bench.clip import Clip
from vcam.tools.bench.table import table


@pytest.fixture(scope="module")
def clip() -> Clip:
    return scene_clip(160, 96, with_entrance=True)


@pytest.fixture(autouse=True)
def _every_picture_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """In so small a scene hardly anything moves."""
    monkeypatch.setattr("vcam.pipeline.cutter._STILL", -1.0)


def config(text: str) -> Config:
    return parse_config(text, Path("vcam.yaml"))


def test_every_stage_is_measured_and_the_whole_is_their_sum(clip: Clip) -> None:
    report = measure(config("background: {type: blur}\n"), clip, 20)
    for stage in ("decode", "input", "inference", "matte", "background", "composite", "send"):
        assert report.costs[stage].cpu > 0, stage
        assert report.costs[stage].cpu_p99 >= report.costs[stage].cpu, stage
    total = sum(report.costs[stage].cpu_mean for stage in STAGES)
    assert total == pytest.approx(report.costs[FRAME].cpu_mean)
    assert report.ratio == report.costs[FRAME].cpu_mean / report.costs[FLOOR].cpu_mean
    assert report.covered == 0


def test_inference_is_the_bare_network_and_floor_holds_a_call_of_tasks(clip: Clip) -> None:
    pytest.importorskip("ai_edge_litert")
    network = "{backend: mediapipe, mediapipe: {engine: litert, follow: false}}"
    once = f"matte: {{quality: fast}}\nsegmentation: {network}\n"
    costs = measure(config(once), clip, 40).costs
    assert costs[FLOOR].cpu_mean >= costs["tasks"].cpu_mean > 0
    assert costs["inference"].cpu == pytest.approx(costs["litert"].cpu, rel=0.5)


def test_bench_does_without_litert(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    costs = measure(config("background: {type: blur}\n"), clip, 20).costs
    assert "litert" not in costs
    assert costs["tasks"].cpu > 0


def test_a_segmenter_that_learns_the_room_has_learnt_it_before(clip: Clip) -> None:
    mog2 = config("segmentation: {backend: mog2}\n")
    report = measure(mog2, clip, 20)
    assert report.covered == 0
    assert report.costs["inference"].cpu > report.costs["input"].cpu == 0
    without = measure(mog2, Clip("scene", 160, 96, clip.pictures), 20)
    assert without.covered == 20
    assert any("20 of the frames showed no person" in line for line in table(without))


def test_the_frame_is_handed_to_whoever_takes_it(clip: Clip) -> None:
    sizes = []
    measure(config("{background: {type: color}}\n"), clip, 20, lambda out: sizes.append(out.width))
    assert len(sizes) > 20
    assert set(sizes) == {160}


def test_steady_state_takes_no_new_memory(clip: Clip) -> None:
    report = measure(config("background: {type: blur}\n"), clip, 30)
    if report.faults is None:
        pytest.skip("the system does not tell")
    frame_pages = 160 * 96 * 3 // 4096
    assert report.faults < frame_pages / 2
