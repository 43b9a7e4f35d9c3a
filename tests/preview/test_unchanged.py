"""The virtual camera's frames are the same whether or not somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.preview.feeds import FakeFeed
from vcam.config import parse_config
from vcam.images.types import I420, Frame, Plane
from vcam.pipeline.build import make_configured_background, make_pipeline
from vcam.preview.modes import Mode
from vcam.preview.viewer import Viewer
from vcam.realtime import tap as tap_module
from vcam.realtime.tap import PARTS, Tap
from vcam.service.preview_frames import PreviewFrame, packed, unpacked
from vcam.sources import open_source

FRAMES = 24

CONFIG = """
camera: {type: scene, width: 320, height: 180, fps: 4}
segmentation: {backend: mog2, mog2: {learn_seconds: 0.13, working_width: 160}}
background: {type: %s}
output: {width: 320, height: 180, fps: 30}
"""


def finished(background: str, looks: bool) -> Iterator[Plane]:
    """What is sent, frame by frame, while a window goes through all it can show."""
    config = parse_config(CONFIG % background, Path("vcam.yaml"))
    source = open_source(config)
    pipeline = make_pipeline(config, make_configured_background(config), 320, 180)
    tap, viewer, out = Tap(), Viewer(FakeFeed()), I420(320, 180)
    for number in range(FRAMES):
        image = source.read()
        assert image is not None
        if looks:
            tap.newest(PARTS, 0, 0.0)
        rendered = pipeline.render(Frame(image, number / 4), out)
        tap.offer(1.0 + number, rendered.layers, out)
        if looks:
            own, attached = (PreviewFrame(tap.newest(PARTS, 0, 0.0), {}), None)
            attached = unpacked(packed(own))
            for view in (own, attached):
                viewer.take(view)
                viewer.mode, viewer.compare = list(Mode)[number % 4], number % 8 > 3
                viewer.written(640, 360)[:] = 0
                viewer.picture()[:] = 0
        yield out.data.copy()
    assert (tap.newest(PARTS, 0, 0.0).captured == FRAMES) == looks
    pipeline.close()


@pytest.mark.parametrize("background", ["gradient", "blur", "mask", "none"])
def test_frames_are_byte_for_byte_the_same(
    background: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tap_module, "_PERIOD", 0.0)
    alone, looked_at = finished(background, False), finished(background, True)
    for one, other in zip(alone, looked_at, strict=True):
        assert np.array_equal(one, other)
