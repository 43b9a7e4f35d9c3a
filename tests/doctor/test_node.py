from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.doctor.patients import Patient, webcam
from tests.linux.fake_nodes import FakeLoopback
from vcam.doctor import Level

LOAD = 'sudo modprobe v4l2loopback video_nr=10 card_label="Virtual Camera" exclusive_caps=1'


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
