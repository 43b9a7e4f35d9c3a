"""Cameras that send JPEGs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.devices import v4l2, webcam
from tests.devices.footage import clip
from tests.devices.harness import DESK_CAMERA, Vcam, filming, output_node
from tests.devices.stage import COLOURS, GREEN, Stage, status
from tests.devices.test_faults import STILL, TOLERANCE
from tests.devices.viewer import Viewer, keeps_rate, longest_still, others
from tests.devices.webcam import Webcam, plugged_in, used_by_vcam

pytestmark = pytest.mark.device


@pytest.fixture
def camera() -> Iterator[Webcam]:
    with plugged_in() as camera:
        yield camera


@pytest.fixture
def stage(camera: Webcam, tmp_path: Path) -> Iterator[Stage]:
    with used_by_vcam(camera, tmp_path) as stage:
        stage.wait_for_state("standby")
        yield stage


def test_ffmpegs_motion_jpeg_is_shown(tmp_path: Path) -> None:
    desk = v4l2.nodes().get(DESK_CAMERA)
    if desk is None:
        pytest.skip(f'no v4l2loopback node labelled "{DESK_CAMERA}"')
    film = clip("portrait-magenta")
    with filming(film, "mjpeg") as shown, Vcam(tmp_path, shown) as vcam:
        with Viewer(output_node(), film, COLOURS) as viewer:
            first = viewer.wait(lambda frame: frame.person, "the person")
            time.sleep(2)
            assert v4l2.pixel_format(desk) == "MJPG"
        assert all(frame.person for frame in viewer.seen if frame.at >= first.at)
        assert others(viewer.seen, GREEN) == []
        vcam.check()


def test_jpegs_of_every_kind_are_shown_and_broken_ones_left_out(
    camera: Webcam, stage: Stage
) -> None:
    kinds: list[Callable[[int, bytes], bytes]] = [
        webcam.whole, webcam.without_tables, webcam.padded, webcam.smaller, webcam.often_broken,
    ]  # fmt: skip
    with stage.viewer() as viewer:
        viewer.wait(lambda frame: frame.person, "the person")
        for kind in kinds:
            camera.spoil = kind
            time.sleep(1)
            began = time.monotonic()
            time.sleep(2)
            seen = viewer.between(began, time.monotonic())
            assert all(frame.person for frame in seen), kind.__name__
            assert others(seen, GREEN) == [], kind.__name__
            assert keeps_rate(seen, stage.fps), kind.__name__
            assert len({frame.mark for frame in seen}) > 5, f"{kind.__name__}: it stands still"
            assert status()["state"] == "live"
    assert "trying again" not in stage.vcam.log.read_text()


def test_nothing_but_broken_jpegs_is_a_lost_camera_until_they_are_whole(
    camera: Webcam, stage: Stage
) -> None:
    with stage.viewer() as viewer:
        viewer.wait(lambda frame: frame.person, "the person")
        camera.spoil = webcam.always_broken
        told = stage.wait_for_state("camera-lost")
        assert "gives only broken pictures" in told["error"]
        began = time.monotonic()
        time.sleep(2)
        seen = viewer.between(began, time.monotonic())
        assert not any(frame.person for frame in seen)
        assert longest_still(viewer.seen) <= STILL + TOLERANCE
        camera.spoil = webcam.whole
        viewer.wait(lambda frame: frame.person, "the person again", time.monotonic())
        stage.wait_for_state("live")
        assert others(viewer.seen, GREEN) == []
    assert "Traceback" not in stage.vcam.log.read_text()
