"""Two cameras, two virtual cameras: one vcam for each, side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.service.waiting import wait_for
from vcam.service import daemon, ending
from vcam.service.conversation import request
from vcam.service.lookup import find_instance
from vcam.service.owners import holder

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


def write(folder: Path, name: str, fps: int) -> Path:
    """A configuration that needs no device and no model."""
    path = folder / f"{name}.yaml"
    size = f"width: 160, height: 120, fps: {fps}"
    path.write_text(
        f"camera: {{type: scene, {size}}}\n"
        "segmentation: {backend: mog2, mog2: {learn_seconds: 0.17}}\n"
        f"output: {{type: file, path: {name}.avi, {size}}}\n"
    )
    return path


def test_each_keeps_its_rate_and_ends_alone(tmp_path: Path) -> None:
    rates = {write(tmp_path, "first", 15): 15.0, write(tmp_path, "second", 25): 25.0}
    instances = {path: find_instance(path) for path in rates}
    try:
        with ThreadPoolExecutor() as both:
            for status in both.map(daemon.start, rates):
                assert status["frames"]
        for path, fps in rates.items():

            def keeps_its_rate(path: Path = path, fps: float = fps) -> bool:
                rate = request(instances[path], "status")["fps_out"]
                return bool(rate == pytest.approx(fps, rel=0.1))

            wait_for(keeps_its_rate, f"{fps:g} fps of {path.name}", 8)
        first, second = rates
        assert ending.stop(instances[first])
        assert holder(instances[first]) is None
        assert request(instances[second], "status")["config"] == str(second)
    finally:
        for instance in instances.values():
            ending.stop(instance)
