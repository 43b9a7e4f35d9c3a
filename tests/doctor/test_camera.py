from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.doctor.patients import Patient, unread, webcam
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices import v4l2
from vcam.doctor import Level


def test_a_container_that_was_not_given_the_nodes(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam(), 10: unread(FakeLoopback(), errno.ENOENT)})
    patient.write(".dockerenv")
    finding = patient.finding("permissions")
    assert str(patient.node(10)) in finding.text
    assert finding.advice == f"start it with --device {patient.node(10)} --group-add video"


def test_a_node_that_nobody_made_in_dev(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam(), 10: unread(FakeLoopback(), errno.ENOENT)})
    finding = patient.finding("permissions")
    assert finding.commands == ("sudo udevadm trigger --subsystem-match=video4linux",)


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
