from __future__ import annotations

from pathlib import Path

from tests.doctor.patients import Patient, webcam
from tests.linux.fake_nodes import FakeLoopback
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


def test_what_stands_on_the_module_is_not_looked_at(tmp_path: Path) -> None:
    found = Patient(tmp_path, {}, driver=None, index="").examine()
    skipped = {finding.link: finding.text for finding in found if finding.level is Level.SKIPPED}
    assert skipped.pop("permissions") == "not looked at: there is no node to open"
    assert list(skipped) == ["boot", "node", "state", "users", "apps"]
    assert set(skipped.values()) == {"not looked at: first mend module"}


def test_root_needs_no_sudo(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None, is_root=True)
    finding = patient.finding("module")
    assert finding.commands == (LOAD.removeprefix("sudo "),)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran[0].startswith("modprobe ")


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
