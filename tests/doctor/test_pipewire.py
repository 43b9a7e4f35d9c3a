from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.patients import Patient, webcam
from tests.pipewire.dump import MANAGER, camera, dump
from vcam.doctor import Level


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """A desktop without a driver, and with PipeWire."""
    patient = Patient(tmp_path, {0: webcam()}, driver=None, index="")
    patient.config = "output: {type: pipewire, device: Desk}\n"
    patient.answers["pw-dump"] = dump(MANAGER)
    return patient


def test_it_stands_in_place_of_the_driver(patient: Patient) -> None:
    found = patient.examine()
    assert {finding.level for finding in found} == {Level.OK}, found
    assert found[-1].link == "pipewire"
    assert not {"module", "node", "apps"} & {finding.link for finding in found}
    assert patient.lines("pipewire") == [
        "PipeWire 1.0.5 with WirePlumber, lists Desk while vcam runs"
    ]


def test_a_vcam_that_runs_is_listed(patient: Patient) -> None:
    patient.status = {"pid": 7, "state": "live", "label": "live"}
    patient.answers["pw-dump"] = dump(MANAGER, camera("Desk"))
    assert patient.lines("pipewire") == ["PipeWire 1.0.5 with WirePlumber, lists Desk"]


def test_a_vcam_that_runs_and_is_not_listed(patient: Patient) -> None:
    patient.status = {"pid": 7, "state": "live", "label": "live"}
    patient.answers["pw-dump"] = dump(MANAGER, camera("Another"))
    finding = patient.finding("pipewire")
    assert finding.text == "vcam runs, but PipeWire 1.0.5 lists no Desk"
    assert finding.commands[0].startswith("vcam restart")


def test_nobody_links_programs_to_cameras(patient: Patient) -> None:
    patient.answers["pw-dump"] = dump()
    finding = patient.finding("pipewire")
    assert "no session manager" in finding.text
    assert finding.commands == ("systemctl --user enable --now wireplumber",)


def test_pipewire_does_not_run(patient: Patient) -> None:
    patient.answers["pw-dump"] = ""
    finding = patient.finding("pipewire")
    assert finding.text == "PipeWire does not answer (pw-dump cannot reach it)"
    assert finding.commands == ("systemctl --user enable --now pipewire wireplumber",)


def test_the_library_is_missing(patient: Patient) -> None:
    patient.lacking.add("libpipewire-0.3.so.0")
    assert patient.finding("pipewire").text == "PipeWire's library libpipewire-0.3.so.0 is missing"


def test_without_its_tool_no_more_is_said_than_is_known(patient: Patient) -> None:
    del patient.answers["pw-dump"]
    (line,) = patient.lines("pipewire")
    assert "without the program pw-dump no more can be seen" in line
