from __future__ import annotations

from pathlib import Path

import pytest

from tests.linux.fake_host import FakeKernel, FakeLoopback, FakeNode
from vcam.devices.loopback import driver_version, find_virtual_camera
from vcam.errors import SinkError

LOAD = 'sudo modprobe v4l2loopback video_nr=10 card_label="Virtual Camera" exclusive_caps=1'


def refusal(kernel: FakeKernel, wanted: str = "Virtual Camera") -> SinkError:
    with pytest.raises(SinkError) as caught:
        find_virtual_camera(wanted, kernel.host)
    return caught.value


def test_the_node_with_exactly_that_label_is_taken(tmp_path: Path) -> None:
    labels = ["OBS Virtual Camera", "Virtual Camera", "Virtual Camera 2"]
    kernel = FakeKernel(tmp_path, {8 + n: FakeLoopback(label) for n, label in enumerate(labels)})
    assert find_virtual_camera("Virtual Camera", kernel.host).number == 9


def test_a_node_is_found_by_its_path(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {9: FakeLoopback("Desk")})
    assert find_virtual_camera(str(tmp_path / "dev/video9"), kernel.host).name == "Desk"


def test_another_programs_node_is_never_taken_instead(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {9: FakeLoopback("OBS Virtual Camera")})
    kernel.load_module("0.13.2")
    error = refusal(kernel)
    assert "OBS Virtual Camera" in error.problem
    assert 'v4l2loopback-ctl add -n "Virtual Camera" -x 1 /dev/video10' in error.cure
    assert "output.device" in error.cure


def test_an_old_driver_cannot_add_nodes_so_the_script_is_named(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {9: FakeLoopback("OBS", new=False)})
    kernel.load_module("")
    assert driver_version(kernel.host) == ()
    assert refusal(kernel).cure.startswith("run scripts/setup-linux")


def test_a_driver_that_is_not_loaded_is_answered_with_modprobe(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.host.library.mkdir()
    (kernel.host.library / "modules.dep").write_text("updates/dkms/v4l2loopback.ko.xz: videodev.ko")
    error = refusal(kernel)
    assert error.problem == "the driver v4l2loopback is not loaded"
    assert LOAD in error.cure


def test_a_driver_that_is_not_installed_is_answered_with_the_script(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.host.library.mkdir()
    (kernel.host.library / "modules.dep").write_text("kernel/drivers/media/uvcvideo.ko:\n")
    error = refusal(kernel)
    assert "not installed for this kernel (6.1-test)" in error.problem
    assert error.cure == "run scripts/setup-linux"


def test_a_real_camera_is_no_virtual_camera(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {0: FakeNode("Virtual Camera")})
    error = refusal(kernel, str(tmp_path / "dev/video0"))
    assert "not a v4l2loopback node" in error.problem
    assert "not loaded" in refusal(kernel).problem


def test_two_nodes_with_that_label_are_refused_by_path(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {8: FakeLoopback(), 9: FakeLoopback()})
    error = refusal(kernel)
    assert "video8" in error.problem
    assert "video9" in error.problem
