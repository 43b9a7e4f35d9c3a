from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices.listing import device_data, device_lines

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads sysfs")


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    """A webcam that vcam reads, and vcam's node that Zoom reads and PipeWire looks at."""
    webcam = FakeNode("C920", sizes={"YUYV": [(640, 480), (320, 240)], "MJPG": [(1920, 1080)]})
    made = FakeKernel(
        tmp_path, {0: webcam, 10: FakeLoopback(format=("YU12", 1280, 720), readers=1)}
    )
    link = tmp_path / "dev/v4l/by-id/usb-C920"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "dev/video0")
    made.add_process(41, "vcam", tmp_path / "dev/video0", streams=True)
    made.add_process(42, "zoom", tmp_path / "dev/video10", streams=True)
    made.add_process(43, "pipewire", tmp_path / "dev/video10")
    return made


def test_a_camera_is_shown_with_link_formats_sizes_rates_and_its_reader(
    tmp_path: Path, kernel: FakeKernel
) -> None:
    shown = "\n".join(device_lines(kernel.host))
    assert f"  C920 ({tmp_path}/dev/video0): read by vcam (process 41)\n" in shown
    assert f"    {tmp_path}/dev/v4l/by-id/usb-C920\n" in shown
    assert "    YUYV: 640x480, 320x240 at 30 fps\n" in shown
    assert "    MJPG: 1920x1080 at 30 fps\n" in shown


def test_a_virtual_camera_is_shown_with_who_reads_it_and_who_only_has_it_open(
    kernel: FakeKernel,
) -> None:
    last = device_lines(kernel.host)[-1]
    assert "carries YU12:1280x720" in last
    assert last.endswith("; read by zoom (process 42); open in pipewire (process 43)")


def test_programs_get_the_same(kernel: FakeKernel) -> None:
    data = json.loads(json.dumps(device_data(kernel.host)))
    assert data["cameras"][0]["modes"][0]["rates"] == [30]
    assert data["virtual_cameras"][0]["open_in"] == [
        {"pid": 42, "name": "zoom", "streams": True},
        {"pid": 43, "name": "pipewire", "streams": False},
    ]


def test_a_machine_without_any_is_told_what_to_do(tmp_path: Path) -> None:
    shown = device_lines(FakeKernel(tmp_path, {}).host)
    assert "  none found; plug one in" in shown
    assert "`vcam doctor`" in shown[-1]


def test_cameras_that_vcam_has_in_pipewire_are_listed_too(tmp_path: Path) -> None:
    host = FakeKernel(tmp_path, {}).host
    assert device_lines(host, ["Desk"])[-1].startswith("  Desk (PipeWire): ")
    assert device_data(host, ["Desk"])["pipewire_cameras"] == ["Desk"]
