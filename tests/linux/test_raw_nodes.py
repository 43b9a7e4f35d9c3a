"""Laptops whose camera is a bare sensor: its nodes are no cameras, the maker's relay is."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.doctor.patients import Patient
from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import (
    CAPTURE_CAP,
    IO_MC_CAP,
    M2M_CAP,
    OUTPUT_CAP,
    TOUCH_CAP,
    FakeLoopback,
    FakeNode,
)
from vcam.devices.cameras import find_camera, list_cameras, raw_nodes
from vcam.devices.listing import device_data, device_lines
from vcam.doctor import Level
from vcam.errors import SourceError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads sysfs")

SPAN = [(2, 4096, 2, 1, 3072, 1)]


def raw(number: int = 0, refusals: dict[int | str, int] | None = None) -> FakeNode:
    sizes: dict[str, Sequence[tuple[int, ...]]] = {"BA10": SPAN, "UYVY": SPAN, "YUYV": SPAN}
    name = f"Intel IPU6 ISYS Capture {number}"
    flags = CAPTURE_CAP | IO_MC_CAP
    return FakeNode(name, "isys", flags, sizes, (), refusals or {}, card="ipu6", bus="PCI:5")


def relay(label: str = "Intel MIPI Camera", fed: bool = True) -> FakeLoopback:
    held = ("NV12", 1280, 720) if fed else None
    return FakeLoopback(
        label, exclusive=not fed, active=fed, format=held, sizes={"NV12": [(1280, 720)]}
    )


def laptop(folder: Path, *loopbacks: FakeNode) -> FakeKernel:
    nodes: dict[int, FakeNode] = {n: raw(n) for n in range(8)}
    return FakeKernel(folder, nodes | dict(enumerate(loopbacks, 40)))


def test_raw_nodes_are_no_cameras_and_the_relay_is(tmp_path: Path) -> None:
    kernel = laptop(tmp_path, relay(), FakeLoopback("Virtual Camera"))
    assert [camera.name for camera in list_cameras(kernel.host)] == ["Intel MIPI Camera"]
    assert find_camera("auto", "Virtual Camera", kernel.host).index == 40
    assert len(raw_nodes(kernel.host)) == 8


def test_the_relay_comes_before_other_virtual_cameras(tmp_path: Path) -> None:
    kernel = laptop(tmp_path, relay("OBS Virtual Camera"), relay())
    assert find_camera("auto", "", kernel.host).name == "Intel MIPI Camera"


def test_a_plugged_in_webcam_comes_before_the_relay(tmp_path: Path) -> None:
    kernel = laptop(tmp_path, relay(), FakeNode("C920", sizes={"MJPG": [(1280, 720)]}))
    assert find_camera("auto", "", kernel.host).name == "C920"


@pytest.mark.parametrize("loopbacks", [(), (relay(fed=False),)])
def test_without_a_relay_that_runs_it_says_why_and_what_to_start(
    loopbacks: tuple[FakeNode, ...], tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as caught:
        find_camera("auto", "Virtual Camera", laptop(tmp_path, *loopbacks).host)
    assert "Intel IPU6 ISYS Capture 0" in caught.value.problem
    assert "and 7 more nodes give only a sensor's raw data" in caught.value.problem
    assert "v4l2-relayd" in caught.value.cure


def test_a_raw_node_that_is_named_is_refused_and_the_relay_offered(tmp_path: Path) -> None:
    kernel = laptop(tmp_path, relay())
    for wanted in (3, str(tmp_path / "dev/video3"), "Intel IPU6 ISYS Capture 3"):
        with pytest.raises(SourceError, match=r"only a sensor's raw data.*Intel MIPI Camera"):
            find_camera(wanted, "", kernel.host)


def test_raw_nodes_that_may_not_be_opened_are_no_cameras(tmp_path: Path) -> None:
    nodes = {n: raw(n, {"open": errno.EACCES}) for n in range(3)}
    kernel = FakeKernel(tmp_path, dict(nodes) | {9: relay()})
    assert find_camera("auto", "", kernel.host).index == 9


@pytest.mark.parametrize(
    "flags",
    [
        CAPTURE_CAP | OUTPUT_CAP | M2M_CAP,
        CAPTURE_CAP | M2M_CAP,
        CAPTURE_CAP | TOUCH_CAP,
        OUTPUT_CAP,
        0x1000,  # several planes
        0x00800000,  # metadata
    ],
)
def test_nodes_that_are_no_cameras_are_left_out(flags: int, tmp_path: Path) -> None:
    other = FakeNode("bcm2835-codec-decode", flags=flags, sizes={"YU12": [(640, 480)]})
    assert list_cameras(FakeKernel(tmp_path, {0: other}).host) == []


def test_the_doctor_says_why_a_virtual_camera_is_the_camera(tmp_path: Path) -> None:
    nodes: dict[int, FakeNode] = {n: raw(n) for n in range(8)}
    patient = Patient(tmp_path, nodes | {42: relay(), 43: FakeLoopback()})
    (text,) = patient.lines("camera")
    assert "Intel MIPI Camera" in text
    assert "and 7 more nodes give only a sensor's raw data" in text


def test_the_doctor_finds_that_the_relay_does_not_run(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: raw(), 43: FakeLoopback()})
    finding = patient.finding("camera", Level.PROBLEM)
    assert "raw data" in finding.text
    assert "v4l2-relayd" in finding.advice


def test_raw_nodes_are_listed_as_what_they_are(tmp_path: Path) -> None:
    kernel = laptop(tmp_path)
    shown = device_lines(kernel.host)
    assert "only a sensor's raw data" in shown[1]
    assert not any("plug one in" in line for line in shown)
    assert len(device_data(kernel.host)["raw_nodes"]) == 8
