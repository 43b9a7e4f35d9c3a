from __future__ import annotations

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
    assert report.stages[FLOOR].median > 0
    assert report.ratio > 0
