from __future__ import annotations

import errno
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import METADATA_CAP, FakeLoopback, FakeNode
from vcam.devices.cameras import find_camera, list_cameras
from vcam.errors import SourceError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads sysfs")

OWN = "Virtual Camera"


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    """A laptop: infrared first, a webcam and its metadata, a USB camera, vcam's and OBS's nodes."""
    return FakeKernel(
        tmp_path,
        {
            0: FakeNode("Integrated IR", sizes={"GREY": [(640, 360)]}),
            2: FakeNode("Integrated Camera", sizes={"YUYV": [(640, 480)], "MJPG": [(1280, 720)]}),
            3: FakeNode("Integrated Camera", flags=METADATA_CAP, part=1),
            4: FakeNode("C920", sizes={"MJPG": [(1920, 1080)]}),
            10: FakeLoopback(OWN, exclusive=False, sizes={"YU12": [(640, 360)]}),
            11: FakeLoopback("OBS Virtual Camera", exclusive=False, sizes={"YU12": [(640, 360)]}),
            12: FakeLoopback("Idle"),
        },
    )


def test_real_cameras_come_first_and_metadata_nodes_are_left_out(kernel: FakeKernel) -> None:
    found = list_cameras(kernel.host)
    assert [camera.index for camera in found] == [2, 4, 0, 10, 11]
    assert [camera.is_loopback for camera in found] == [False, False, False, True, True]
    assert [mode.fourcc for mode in found[0].modes] == ["YUYV", "MJPG"]


def test_every_node_is_closed_after_listing(kernel: FakeKernel) -> None:
    list_cameras(kernel.host)
    assert kernel.descriptors == {}


def test_auto_takes_the_first_camera_in_colour(kernel: FakeKernel) -> None:
    assert find_camera("auto", OWN, kernel.host).path.endswith("video2")


def test_auto_takes_another_programs_virtual_camera_only_if_there_is_no_other(
    tmp_path: Path,
) -> None:
    nodes = {1: FakeLoopback(OWN, exclusive=False), 2: FakeLoopback("Phone", exclusive=False)}
    kernel = FakeKernel(tmp_path, dict(nodes))
    assert find_camera("auto", OWN, kernel.host).name == "Phone"


@pytest.mark.parametrize("wanted", [4, "4", "C920", "c92", "{dev}/video4", "{dev}/v4l/by-id/usb-C"])
def test_a_camera_is_found_by(wanted: str | int, kernel: FakeKernel) -> None:
    links = kernel.host.dev / "v4l" / "by-id"
    links.mkdir(parents=True)
    (links / "usb-C").symlink_to("../../video4")
    if isinstance(wanted, str):
        wanted = wanted.format(dev=kernel.host.dev)
    camera = find_camera(wanted, OWN, kernel.host)
    assert (camera.index, camera.links) == (4, (str(links / "usb-C"),))


@pytest.mark.parametrize("wanted", [OWN, "virtual camera", 10, "{dev}/video10"])
@pytest.mark.parametrize("exclude", [OWN, "{dev}/video10"])
def test_vcams_own_output_is_refused(wanted: str | int, exclude: str, kernel: FakeKernel) -> None:
    kernel.nodes.pop(str(kernel.host.dev / "video11"))
    if isinstance(wanted, str):
        wanted = wanted.format(dev=kernel.host.dev)
    with pytest.raises(SourceError, match="vcam's own virtual camera"):
        find_camera(wanted, exclude.format(dev=kernel.host.dev), kernel.host)


def test_vcams_own_output_is_refused_while_nobody_writes_to_it(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {10: FakeLoopback(OWN)})
    with pytest.raises(SourceError, match="vcam's own virtual camera"):
        find_camera(10, OWN, kernel.host)


def test_a_virtual_camera_that_nobody_feeds_says_so(kernel: FakeKernel) -> None:
    with pytest.raises(SourceError, match="no program feeds the virtual camera Idle"):
        find_camera("Idle", OWN, kernel.host)


def test_an_unknown_camera_is_answered_with_those_there_are(kernel: FakeKernel) -> None:
    with pytest.raises(SourceError) as caught:
        find_camera("brio", OWN, kernel.host)
    assert caught.value.problem == "camera 'brio' was not found"
    assert "C920" in caught.value.cure
    assert "vcam devices" in caught.value.cure


def test_a_metadata_node_gives_no_pictures(kernel: FakeKernel) -> None:
    with pytest.raises(SourceError, match="gives no pictures"):
        find_camera(3, OWN, kernel.host)


def test_a_name_that_fits_several_is_refused_naming_them(kernel: FakeKernel) -> None:
    with pytest.raises(SourceError) as caught:
        find_camera("integrated", OWN, kernel.host)
    assert "video0" in caught.value.problem
    assert "video2" in caught.value.problem


def test_a_whole_name_goes_before_parts_of_others(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {0: FakeNode("Camera 2"), 1: FakeNode("Camera")})
    assert find_camera("camera", "", kernel.host).index == 1


def test_no_camera_at_all_says_to_plug_one_in(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no camera was found: plug one in"):
        find_camera("auto", OWN, FakeKernel(tmp_path, {}).host)


def test_a_camera_that_may_not_be_opened_is_still_listed(tmp_path: Path) -> None:
    refusals: dict[int | str, int] = {"open": errno.EACCES}
    nodes = {0: FakeNode(refusals=refusals), 1: FakeNode(refusals=refusals, part=1)}
    (camera,) = list_cameras(FakeKernel(tmp_path, dict(nodes)).host)
    assert (camera.name, camera.modes) == ("Webcam", ())


def on_windows(monkeypatch: pytest.MonkeyPatch, library: object) -> None:
    monkeypatch.setattr("vcam.devices.cameras.sys", SimpleNamespace(platform="win32"))
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", library)


def test_elsewhere_cameras_are_named_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        SimpleNamespace(name="OBS Virtual Camera", path=None, index=0),
        SimpleNamespace(name="C920", path="usb#1", index=1),
    ]
    on_windows(monkeypatch, SimpleNamespace(enumerate_cameras=lambda backend: found))
    assert [camera.name for camera in list_cameras()] == ["C920", "OBS Virtual Camera"]
    assert find_camera("auto", "OBS Virtual Camera").path == "usb#1"
    with pytest.raises(SourceError, match="vcam's own virtual camera"):
        find_camera("obs", "OBS Virtual Camera")


def test_elsewhere_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch, None)
    with pytest.raises(SourceError, match="pip install cv2-enumerate-cameras"):
        list_cameras()
