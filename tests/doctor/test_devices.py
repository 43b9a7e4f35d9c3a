from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.doctor.patients import Patient, unread, webcam
from tests.linux.fake_host import FakeLoopback, FakeNode
from vcam.devices import v4l2
from vcam.doctor import Level
from vcam.doctor.chain import links

LOAD = 'sudo modprobe v4l2loopback video_nr=10 card_label="Virtual Camera" exclusive_caps=1'


def test_on_a_machine_that_is_well_each_link_is_ok_and_in_the_order_of_the_frame(
    tmp_path: Path,
) -> None:
    found = Patient(tmp_path).examine()
    assert {finding.level for finding in found} == {Level.OK}, found
    assert [finding.link for finding in found] == [
        "configuration", "background", "vcam", "camera", "permissions", "model", "libraries",
        "display", "module", "boot", "node", "state", "users", "apps",
    ]  # fmt: skip


def test_no_link_needs_a_later_one(tmp_path: Path) -> None:
    from vcam.doctor import Case

    patient = Patient(tmp_path)
    seen: set[str] = set()
    for check in links(Case(patient.system())):
        assert set(check.needs) <= seen
        seen.add(check.link)


def test_a_module_that_is_not_installed(tmp_path: Path) -> None:
    finding = Patient(tmp_path, {0: webcam()}, driver=None, index="").finding("module")
    assert "not installed for this kernel (6.1-test)" in finding.text
    assert finding.commands == (
        "sudo apt-get update",
        "sudo apt-get install linux-headers-6.1-test v4l2loopback-dkms v4l2loopback-utils",
        LOAD,
    )
    assert not finding.fixes  # packages are never installed by the doctor


def test_what_stands_on_the_module_is_not_looked_at(tmp_path: Path) -> None:
    found = Patient(tmp_path, {0: webcam()}, driver=None, index="").examine()
    skipped = {finding.link: finding.text for finding in found if finding.level is Level.SKIPPED}
    assert list(skipped) == ["boot", "node", "state", "users", "apps"]
    assert set(skipped.values()) == {"not looked at: first mend module"}


def test_a_module_that_is_not_loaded_can_be_loaded_by_the_doctor(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    finding = patient.finding("module")
    assert finding.commands == (LOAD,)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran == [
        "sudo modprobe v4l2loopback video_nr=10 'card_label=Virtual Camera' exclusive_caps=1"
    ]


def test_root_needs_no_sudo(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None, is_root=True)
    finding = patient.finding("module")
    assert finding.commands == (LOAD.removeprefix("sudo "),)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran[0].startswith("modprobe ")


def test_a_module_that_was_built_for_another_kernel(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.answers["modinfo -F vermagic v4l2loopback"] = "6.0-old SMP preempt\n"
    finding = patient.finding("module")
    assert finding.text == "v4l2loopback was built for 6.0-old, and 6.1-test runs"
    assert finding.commands[-1] == "sudo dkms autoinstall -k 6.1-test"


@pytest.mark.parametrize(
    ("signer", "tested", "word"),
    [("\n", "", "it is not signed"), ("me\n", "/k is not enrolled\n", "is not enrolled")],
)
def test_a_module_that_secure_boot_refuses(
    tmp_path: Path, signer: str, tested: str, word: str
) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.write("sys/firmware/efi/efivars/SecureBoot-8be4df61", bytes([6, 0, 0, 0, 1]))
    patient.write("var/lib/shim-signed/mok/MOK.der")
    patient.answers["modinfo -F signer v4l2loopback"] = signer
    patient.answers["mokutil --test-key /var/lib/shim-signed/mok/MOK.der"] = tested
    finding = patient.finding("module")
    assert word in finding.text
    assert finding.commands[-1] == "sudo mokutil --import /var/lib/shim-signed/mok/MOK.der"
    assert "Enroll MOK" in finding.advice
    assert "from 26.04 on" in finding.advice
    assert not finding.fixes


def test_secure_boot_that_may_let_it_in_is_only_told_of(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.answers["mokutil --sb-state"] = "SecureBoot enabled\n"
    finding = patient.finding("module")
    assert finding.commands == (LOAD,)
    assert "Secure Boot is on" in finding.advice


def test_droidcams_own_module_is_no_help(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None, index="")
    patient.write("modules/v4l2loopback_dc/version", "0.12")
    assert "DroidCam" in patient.finding("module").text


def test_a_container_cannot_load_it(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.write("run/.containerenv")
    finding = patient.finding("module")
    assert "container (podman)" in finding.text
    assert finding.advice.endswith(LOAD)
    assert not finding.fixes


def test_a_container_that_was_not_given_the_nodes(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam(), 10: unread(FakeLoopback(), errno.ENOENT)})
    patient.write(".dockerenv")
    finding = patient.finding("permissions")
    assert str(patient.node(10)) in finding.text
    assert finding.advice == f"start it with --device {patient.node(10)} --group-add video"


def test_a_module_that_is_not_loaded_at_boot(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    (tmp_path / "etc/modules-load.d/vcam.conf").unlink()
    finding = patient.finding("boot", Level.WARNING)
    assert finding.commands == ("scripts/setup-linux",)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran == ["scripts/setup-linux"]


@pytest.mark.parametrize(
    ("label", "owner"), [("OBS Virtual Camera", "OBS"), ("Droidcam", "DroidCam")]
)
def test_another_programs_node_is_named_and_a_node_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str, owner: str
) -> None:
    monkeypatch.setattr(shutil, "which", str)
    patient = Patient(tmp_path, {0: webcam(), 10: FakeLoopback(label)})
    finding = patient.finding("node")
    assert f"{label!r} at" in finding.text
    assert finding.text.endswith(f"those are for {owner}")
    assert finding.commands == ('sudo v4l2loopback-ctl add -n "Virtual Camera" -x 1 /dev/video11',)
    assert len(finding.fixes) == 1


def test_a_driver_is_not_unloaded_by_the_doctor_while_a_program_uses_it(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam(), 10: FakeLoopback("OBS", new=False)}, driver="")
    assert patient.finding("node").fixes
    patient.kernel.add_process(99, "obs", patient.node(10))
    finding = patient.finding("node")
    assert finding.commands[0] == "sudo modprobe -r v4l2loopback"
    assert finding.advice.startswith("close first: obs (process 99); or set output.device")
    assert not finding.fixes


def test_a_node_without_exclusive_caps(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam(), 10: FakeLoopback(exclusive=False)})
    finding = patient.finding("state")
    assert "exclusive_caps=1" in finding.text
    assert finding.commands == ("sudo modprobe -r v4l2loopback", LOAD)


def test_a_stuck_node_is_mended_by_the_doctor(tmp_path: Path) -> None:
    node = FakeLoopback(new=False, free=False)
    patient = Patient(tmp_path, {0: webcam(), 10: node}, driver="")
    finding = patient.finding("state", Level.WARNING)
    assert "stuck" in finding.text
    assert finding.commands == (f"vcam doctor --fix --config {patient.settings()}",)
    assert finding.fixes[0].apply(patient.system())
    assert patient.lines("state") == ["idle, ready for 1280x720"]


def test_a_node_that_another_program_feeds(tmp_path: Path) -> None:
    node = FakeLoopback(writer=7, active=True, format=("YU12", 1280, 720), opened=1)
    patient = Patient(tmp_path, {0: webcam(), 10: node})
    patient.kernel.add_process(7, "obs", patient.node(10))
    finding = patient.finding("state")
    assert f"another program writes to {patient.node(10)} (open in obs (process 7))" in finding.text
    assert patient.lines("users") == ["open in obs (process 7)"]


def test_a_node_that_a_reader_holds_at_another_size(tmp_path: Path) -> None:
    node = FakeLoopback(format=("YU12", 640, 360), readers=1)
    patient = Patient(tmp_path, {0: webcam(), 10: node})
    patient.kernel.add_process(7, "zoom", patient.node(10))
    finding = patient.finding("state")
    assert "is held at 640x360 by a program (open in zoom (process 7))" in finding.text
    assert "output.width" in finding.advice


def test_a_node_that_keeps_another_format_without_a_reader(tmp_path: Path) -> None:
    node = FakeLoopback(format=("YUYV", 640, 480), kept=True, readers=1)
    finding = Patient(tmp_path, {0: webcam(), 10: node}).finding("state")
    assert finding.text.endswith("is held at 640x480 YUYV")
    assert finding.commands[0].endswith("-c keep_format=0")


def test_an_old_driver_leaves_it_in_doubt_who_feeds_a_node(tmp_path: Path) -> None:
    node = FakeLoopback(new=False, free=False, active=True, format=("YU12", 1280, 720), readers=1)
    patient = Patient(tmp_path, {0: webcam(), 10: node}, driver="")
    patient.kernel.add_process(7, "zoom", patient.node(10))
    assert "open in zoom (process 7)" in patient.finding("state", Level.WARNING).text


def test_an_uncommon_size_is_warned_of(tmp_path: Path) -> None:
    patient = Patient(tmp_path, config="output: {width: 960, height: 540}\n")
    finding = patient.finding("state", Level.WARNING)
    assert finding.commands == (
        f"vcam set output.width=1280 output.height=720 --config {patient.settings()}",
    )


def test_no_camera(tmp_path: Path) -> None:
    finding = Patient(tmp_path, {10: FakeLoopback()}).finding("camera")
    assert finding.text == "no camera was found"


def test_a_camera_that_the_file_names_and_is_not_there(tmp_path: Path) -> None:
    patient = Patient(tmp_path, config="camera: {device: C920}\n")
    finding = patient.finding("camera")
    assert finding.text == "camera 'C920' was not found"
    assert "HD Webcam" in finding.advice


def test_a_camera_that_a_program_has(tmp_path: Path) -> None:
    camera = webcam()
    camera.refusals[v4l2.REQBUFS] = errno.EBUSY
    patient = Patient(tmp_path, {0: camera, 10: FakeLoopback()})
    patient.kernel.add_process(99, "zoom", patient.node(0))
    assert patient.finding("camera").text.endswith("is in use by zoom (process 99)")


def test_a_raw_camera_that_is_slow_at_this_size(tmp_path: Path) -> None:
    slow = FakeNode("Old Cam", sizes={"YUYV": [(1280, 720)]}, rates=(10,))
    patient = Patient(tmp_path, {0: slow, 10: FakeLoopback()})
    finding = patient.finding("camera", Level.WARNING)
    assert "1280x720 at 10 fps as YUYV, not the 30 fps asked for" in finding.text
    assert finding.commands == (f"vcam set camera.fps=10 --config {patient.settings()}",)


class RatedCamera(FakeNode):
    """A camera with a rate of its own for each pixel format and width."""

    def __init__(self, **rates: dict[int, int]) -> None:
        sizes: dict[str, Sequence[tuple[int, ...]]] = {
            fourcc: [(w, w * 9 // 16) for w in widths] for fourcc, widths in rates.items()
        }
        super().__init__("Old Cam", sizes=sizes)
        self.by_mode = rates

    def ioctl(self, descriptor: int, request: int, buffer: bytearray) -> None:
        if request == v4l2.ENUM_FRAMEINTERVALS:
            width = int.from_bytes(buffer[8:12], "little")
            self.rates = (self.by_mode[buffer[4:8].decode()][width],)
        super().ioctl(descriptor, request, buffer)


def test_a_slow_camera_is_asked_for_a_size_at_which_it_is_quick(tmp_path: Path) -> None:
    camera = RatedCamera(YUYV={320: 30, 640: 30, 1280: 10})
    patient = Patient(tmp_path, {0: camera, 10: FakeLoopback()})
    finding = patient.finding("camera", Level.WARNING)
    assert finding.commands == (
        f"vcam set camera.width=640 camera.height=360 --config {patient.settings()}",
    )
    assert "no MJPG" in finding.advice


def test_a_pixel_format_in_the_file_that_is_slow_is_given_up(tmp_path: Path) -> None:
    nodes = {0: RatedCamera(YUYV={1280: 10}, MJPG={1280: 30}), 10: FakeLoopback()}
    patient = Patient(tmp_path, nodes, config="camera: {pixel_format: yuyv}\n")
    finding = patient.finding("camera", Level.WARNING)
    assert finding.commands == (f"vcam set camera.pixel_format=auto --config {patient.settings()}",)
    patient.config = "camera: {pixel_format: auto}\n"
    assert not [f for f in patient.examine() if f.link == "camera" and f.level is not Level.OK]


@pytest.mark.parametrize(
    ("joined", "commands", "word"),
    [
        (set(), ("sudo usermod -aG video $USER",), "you are not in the group video"),
        ({"video"}, (), "this session is older"),
    ],
)
def test_a_user_who_may_not_open_the_nodes(
    tmp_path: Path, joined: set[str], commands: tuple[str, ...], word: str
) -> None:
    nodes = {0: webcam(), 10: unread(FakeLoopback(), errno.EACCES)}
    patient = Patient(tmp_path, nodes, groups=set(), joined=joined)
    finding = patient.finding("permissions")
    assert word in finding.text
    assert finding.commands == commands
    assert "log in again" in finding.advice
    assert patient.lines("state") == ["not looked at: first mend permissions"]


def test_a_camera_that_may_not_be_opened_is_told_under_permissions(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: unread(webcam(), errno.EACCES), 10: FakeLoopback()})
    assert "see permissions" in patient.lines("camera")[0]
    assert str(patient.node(0)) in patient.finding("permissions").text


def test_nodes_of_no_group_are_given_to_one(tmp_path: Path) -> None:
    nodes = {0: webcam(), 10: unread(FakeLoopback(), errno.EACCES)}
    finding = Patient(tmp_path, nodes, group="").finding("permissions")
    assert finding.commands[:2] == (
        f"sudo chgrp video {tmp_path / 'dev/video10'}",
        f"sudo chmod g+rw {tmp_path / 'dev/video10'}",
    )


def test_a_vcam_that_runs_is_not_disturbed(tmp_path: Path) -> None:
    camera = webcam()
    node = FakeLoopback(writer=7, active=True, format=("YU12", 1280, 720), opened=1)
    patient = Patient(tmp_path, {0: camera, 10: node})
    patient.kernel.add_process(7, "vcam", patient.node(10))
    patient.status = {
        "pid": 7, "state": "live", "label": "live", "source": "HD Webcam (/dev/video0), 1280x720",
        "readers": ["zoom (process 9)"],
    }  # fmt: skip
    assert {finding.level for finding in patient.examine()} == {Level.OK}
    assert patient.lines("camera") == ["HD Webcam (/dev/video0), 1280x720, in use by vcam"]
    assert patient.lines("state") == ["fed by vcam: YU12:1280x720@30"]
    assert patient.lines("users") == ["open in zoom (process 9)"]
    assert camera.calls == []
    assert v4l2.STREAMON not in node.calls


def test_a_video_file_as_output_needs_no_driver(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None, index="")
    patient.config = "output: {type: file, path: out.mp4}\n"
    found = patient.examine()
    assert {finding.level for finding in found} == {Level.OK}
    assert "module" not in [finding.link for finding in found]
