"""Faults made on real nodes: what a viewer sees meanwhile, and how long it takes to recover."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.devices import v4l2
from tests.devices.footage import clip
from tests.devices.harness import DESK_CAMERA, Vcam, config, output_node, taken, wait_for
from tests.devices.readers import by_ffmpeg
from tests.devices.stage import GREEN, Film, Stage, ask, figures, own_places, staged, status
from tests.devices.test_vivid import VIVID
from tests.devices.viewer import Viewer, keeps_rate, longest_still, missed, others, rate
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.sinks.virtual_camera import VirtualCameraSink

pytestmark = pytest.mark.device

RECOVERY = 2.0
STILL = 1.0
TOLERANCE = 0.5
"""Seconds that the slow guest may take longer."""

DRIVER = Path("/sys/bus/platform/drivers/vivid")


def assert_kept(name: str, viewer: Viewer, fps: float, began: float, recovered: float) -> None:
    """Check size, rate and privacy since `began`; reports the figures."""
    seen = viewer.between(began, time.monotonic())
    still = longest_still(seen)
    figures.info(
        "%s: %d of %d frames missed, %.2f fps, same face for %.2f s, recovered after %.2f s",
        name, missed(seen, fps), len(seen), rate(seen), still, recovered,
    )  # fmt: skip
    assert len(viewer.attached) == 1
    assert others(seen, GREEN) == []
    assert keeps_rate(seen, fps)
    assert still <= STILL + TOLERANCE
    assert recovered <= RECOVERY + TOLERANCE


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as stage:
        yield stage


def is_without_camera(told: dict[str, Any]) -> bool:
    return told["state"] == "camera-stalled" or (
        told["state"] == "camera-lost" and DESK_CAMERA in told["error"]
    )


def test_a_camera_that_is_no_longer_fed_is_covered_until_it_is(stage: Stage) -> None:
    with stage.viewer() as viewer:
        for seconds in (1.0, 5.0):
            viewer.wait(lambda frame: frame.person, "the person", time.monotonic())
            time.sleep(1)
            began = time.monotonic()
            stage.film.kill()
            viewer.wait(lambda frame: not frame.person, "the cover", began)
            told = stage.wait_for_status(is_without_camera, "the fault is named")
            time.sleep(max(0.0, began + seconds - time.monotonic()))
            assert seconds < 2 or status()["state"] == "camera-lost"
            covered = time.monotonic()
            stage.film.start()
            wait_for(lambda: v4l2.capabilities(stage.film.device) & v4l2.CAPTURE, "it is fed")
            fed = time.monotonic()
            back = viewer.wait(lambda frame: frame.person, "the person again", covered)
            time.sleep(1)
            assert status()["state"] == "live"
            assert not status()["error"]
            name = f"camera not fed for {fed - began:.1f} s ({told['state']})"
            assert_kept(name, viewer, stage.fps, began, max(0.0, back.at - fed))


@contextlib.contextmanager
def with_vivid(folder: Path) -> Iterator[Stage]:
    """A vcam in standby that shows the test pattern of vivid."""
    device = v4l2.nodes().get(VIVID)
    if device is None or not os.access(DRIVER / "unbind", os.W_OK):
        pytest.skip("no vivid camera that may be unplugged (modprobe vivid, as root)")
    film = Film(device)
    settings = config({"type": "device", "device": VIVID}, 640, 360, film.clip.fps)
    with own_places(folder), Vcam(folder, settings) as vcam:
        stage = Stage(film, settings, vcam)
        stage.wait_for_state("standby")
        yield stage


def _is_busy(device: str) -> bool:
    try:
        v4l2.Stream(device).close()
    except OSError:
        return True
    return False


def test_a_camera_that_is_taken_or_pulled_out_is_used_again_once_it_is_back(
    tmp_path: Path,
) -> None:
    with with_vivid(tmp_path) as stage, stage.viewer() as viewer:
        stage.wait_for_state("live")
        began = time.monotonic()
        ask("pause")
        wait_for(lambda: not stage.uses_camera(), "the camera is free")
        with taken(stage.film.device):
            ask("resume")
            told = stage.wait_for_state("camera-lost")
            assert "in use by v4l2-ctl" in told["error"]
            time.sleep(1)
        freed = time.monotonic()
        stage.wait_for_state("live")
        assert_kept("camera taken", viewer, stage.fps, began, time.monotonic() - freed)

        began = time.monotonic()
        held = os.open(stage.film.device, os.O_RDWR)  # so that it comes back as another number
        (DRIVER / "unbind").write_text("vivid.0")
        try:
            told = stage.wait_for_state("camera-lost")
            assert VIVID in told["error"]
            time.sleep(1)
            (DRIVER / "bind").write_text("vivid.0")
            back = time.monotonic()
        finally:
            os.close(held)
        stage.wait_for_state("live")
        recovered = time.monotonic() - back
        moved = v4l2.nodes()[VIVID]
        assert moved != stage.film.device
        wait_for(lambda: _is_busy(moved), "vcam uses the camera under its new number")
        name = f"camera back as {moved} instead of {stage.film.device}"
        assert_kept(name, viewer, stage.fps, began, recovered)


def test_a_reader_who_holds_the_format_is_named_until_it_leaves() -> None:
    small = I420(320, 180)
    small.data[:] = 128
    sink = VirtualCameraSink("Virtual Camera", small.width, small.height, 15)
    film = clip("portrait-magenta")
    with by_ffmpeg(output_node()) as reader:
        while not reader.frames:
            sink.send(small)
            time.sleep(0.05)
        sink.close()
        with pytest.raises(SinkError, match=r"held at 320x180 by a program \(open in ffmpeg"):
            VirtualCameraSink("Virtual Camera", film.width, film.height, film.fps)
    VirtualCameraSink("Virtual Camera", film.width, film.height, film.fps).close()
