from __future__ import annotations

from pathlib import Path

import pytest

from vcam.config import parse_config
from vcam.errors import ServiceError
from vcam.tools.bench import Clip, measure_live, measure_start, scene_clip

CONFIG = parse_config("background: {type: blur}\n", Path("vcam.yaml"))


@pytest.fixture(scope="module")
def clip() -> Clip:
    return scene_clip(160, 120)


def test_a_bridge_keeps_the_rate_that_is_asked_for(clip: Clip) -> None:
    live = measure_live(CONFIG, clip, fps=20, seconds=1.0)
    assert live.fps == pytest.approx(20, rel=0.2)
    assert 0 < live.latency_ms <= live.latency_p99_ms <= live.latency_max_ms
    assert 0 < live.cores < 1.5


def test_start_is_split(clip: Clip) -> None:
    start = measure_start(CONFIG, clip, starts=1)
    assert start.imports > 0.05
    assert start.model > 0
    parts = start.python + start.imports + start.config + max(start.model, start.camera)
    assert parts < start.total


def test_a_bridge_that_fails_is_told_in_a_sentence(clip: Clip) -> None:
    broken = CONFIG.model_copy(
        update={"background": CONFIG.background.model_copy(update={"type": "image"})}
    )
    with pytest.raises(ServiceError, match=r"needs background\.path"):
        measure_live(broken, clip, fps=20, seconds=1.0)
