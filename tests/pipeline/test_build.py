from __future__ import annotations

from pathlib import Path

import pytest

from vcam.config import parse_config
from vcam.pipeline.build import make_configured_background, make_pipeline
from vcam.segmenters.fake import FakeSegmenter


@pytest.mark.parametrize(
    ("matte", "can_save"),
    [
        ("{}", True),
        ("{quality: best}", True),
        ("{quality: fast, detail: full}", True),
        ("{quality: fast}", False),
        ("{detail: half}", False),
        ("{edges: mask}", False),
        ("{adaptive: false}", False),
    ],
)
def test_detail_can_be_halved_where_there_is_any_and_that_is_allowed(
    matte: str, can_save: bool
) -> None:
    size = "{width: 160, height: 120}"
    config = parse_config(f"matte: {matte}\noutput: {size}\n", Path("vcam.yaml"))
    background = make_configured_background(config)
    stages = make_pipeline(config, background, 160, 120, segmenter=FakeSegmenter([None]))
    assert stages.savings == (("half detail",) if can_save else ())
