"""Cameras that send JPEGs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.devices import v4l2, webcam
from tests.devices.footage import clip
from tests.devices.harness import (
    DESK_CAMERA,
    Vcam,
    config,
    filming,
    output_node,
    wait_for,
)
from tests.devices.stage import COLOURS, GREEN, Stage, own_places, status
from tests.devices.test_faults import STILL, TOLERANCE
from tests.devices.viewer import Viewer, keeps_rate, longest_still, others
from tests.devices.webcam import Webcam

pytestmark = pytest.mark.device


@pytest.fixture
def desk() -> str:
    device = v4l2.nodes().get(DESK_CAMERA)
    if device is None:
        pytest.skip(f'no v4l2loopback node labelled "{DESK_CAMERA}"')
    return device


@pytest.fixture
def camera(desk: str) -> Iterator[Webcam]:
    camera = Webcam(desk)
    camera.start()
    try:
        wait_for(lambda: v4l2.capabilities(desk) & v4l2.CAPTURE, f"{desk} is fed")
        yield camera
    finally:
        camera.close()


@pytest.fixture
def stage(camera: Webcam, tmp_path: Path) -> Iterator[Stage]:
    film = camera.clip
    settings = config({"type": "device", "device": DESK_CAMERA}, film.width, film.height, film.fps)
    with own_places(tmp_path), Vcam(tmp_path, settings) as vcam:
        stage = Stage(camera, settings, vcam)
        stage.wait_for_state("standby")
        yield stage


def test_ffmpegs_motion_jpeg_is_shown(desk: str, tmp_path: Path) -> None:
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
