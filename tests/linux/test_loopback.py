from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices.loopback import (
    add_command,
    driver_version,
    find_virtual_camera,
    load_command,
)
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


def test_another_programs_node_is_never_taken_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", str)
    kernel = FakeKernel(tmp_path, {9: FakeLoopback("OBS Virtual Camera")})
    kernel.load_module("0.13.2")
    error = refusal(kernel)
    assert "OBS Virtual Camera" in error.problem
    assert 'v4l2loopback-ctl add -n "Virtual Camera" -x 1 /dev/video10' in error.cure
    assert "output.device" in error.cure


def test_a_number_that_is_taken_is_not_given_to_a_new_node(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {10: FakeNode(), 11: FakeNode()})
    assert "video_nr=12 " in load_command("Virtual Camera", kernel.host)
    assert add_command("Virtual Camera", kernel.host).endswith("/dev/video12")
    assert add_command("/dev/video7", kernel.host).endswith("/dev/video7")


def test_an_old_driver_cannot_add_nodes_so_it_is_loaded_anew_with_all(tmp_path: Path) -> None:
    nodes = {9: FakeLoopback("OBS", new=False), 10: FakeLoopback("Desk", new=False)}
    kernel = FakeKernel(tmp_path, {**nodes})
    kernel.load_module("", caps="N,Y,N,N")
    assert driver_version(kernel.host) == ()
    assert refusal(kernel).commands == (
        "sudo modprobe -r v4l2loopback",
        "sudo modprobe v4l2loopback devices=3 video_nr=9,10,11 "
        'card_label="OBS,Desk,Virtual Camera" exclusive_caps=0,1,1',
    )


def test_a_driver_that_is_not_loaded_is_answered_with_modprobe(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.install("updates/dkms/v4l2loopback.ko.xz: videodev.ko")
    error = refusal(kernel)
    assert error.problem == "the driver v4l2loopback is not loaded"
    assert LOAD in error.cure


RELEASES = {
    "ID=ubuntu\nID_LIKE=debian\n": "sudo apt-get install linux-headers-6.1-test v4l2loopback-dkms",
    "ID=fedora\n": "sudo dnf install kernel-devel-6.1-test akmod-v4l2loopback",
    'ID="manjaro"\nID_LIKE=arch\n': "sudo pacman -S --needed linux-headers v4l2loopback-dkms",
    'ID="opensuse-tumbleweed"\n': "sudo zypper install v4l2loopback-kmp-default",
}


@pytest.mark.parametrize("release", RELEASES)
def test_a_driver_that_is_not_installed_is_answered_with_this_distributions_commands(
    tmp_path: Path, release: str
) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.install("kernel/drivers/media/uvcvideo.ko:\n", release)
    error = refusal(kernel)
    assert "not installed for this kernel (6.1-test)" in error.problem
    assert RELEASES[release] in error.cure
    assert LOAD in error.commands
    assert "`vcam setup`" in error.advice


@pytest.mark.parametrize(
    ("release", "word"), [("ID=nixos\n", "configuration.nix"), ("", "package manager")]
)
def test_a_distribution_without_known_commands_gets_a_sentence(
    tmp_path: Path, release: str, word: str
) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.install("", release)
    assert word in refusal(kernel).advice
    assert not refusal(kernel).commands


def test_a_driver_of_another_kernel_is_built_for_this_one(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.install("", "ID=debian\n")
    kernel.install("extra/v4l2loopback.ko.xz:\n", "ID=debian\n", kernel="6.0-old")
    error = refusal(kernel)
    assert error.problem.endswith("only for 6.0-old")
    assert error.commands[:2] == (
        "sudo apt-get install linux-headers-6.1-test",
        "sudo dkms autoinstall -k 6.1-test",
    )


def test_a_kernel_that_was_updated_under_the_running_one_wants_a_restart(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {})
    kernel.install("extra/v4l2loopback.ko:\n", "ID=arch\n", kernel="6.2-new")
    assert refusal(kernel).advice == "restart the machine"


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
