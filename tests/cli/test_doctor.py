from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.doctor.patients import Patient, webcam
from tests.linux.fake_host import FakeLoopback
from vcam.cli import cli
from vcam.doctor import Case, System
from vcam.segmenters import models

MODPROBE = "sudo modprobe v4l2loopback video_nr=10"


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """A machine that is well, and that `vcam doctor` takes for this one."""
    patient = Patient(tmp_path / "root")
    monkeypatch.setattr("vcam.cli.doctor.System", patient.system)
    monkeypatch.setattr("vcam.cli.doctor.Case", lambda system, path: case(patient, system))
    monkeypatch.setattr(models, "check", lambda model: None)
    return patient


def case(patient: Patient, system: System) -> Case:
    return Case(system, patient.write("vcam.yaml", patient.config), lambda _: None)


def doctor(*options: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, ["doctor", *options], input=typed)


def test_a_machine_that_is_well_ends_with_0(patient: Patient) -> None:
    result = doctor()
    assert result.exit_code == 0
    assert result.output.endswith("\nAll is well.\n")


def test_warnings_end_with_0_and_problems_with_10(patient: Patient) -> None:
    patient.packages["mediapipe"] = "1.0.0"
    result = doctor()
    assert result.exit_code == 10
    assert "problem  libraries" in result.output


def test_json_has_every_finding(patient: Patient) -> None:
    patient.packages["mediapipe"] = "1.0.0"
    result = doctor("--json")
    told = json.loads(result.output)
    assert result.exit_code == 10
    assert told["summary"] == "1 problem, no warnings."
    found = next(f for f in told["findings"] if f["link"] == "libraries")
    assert set(found) == {"link", "level", "text", "commands", "advice", "fixable"}


@pytest.fixture
def stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patient: Patient) -> FakeLoopback:
    """A machine whose node a writer has left stuck."""
    node = FakeLoopback(new=False, free=False)
    ill = Patient(tmp_path / "ill", {0: webcam(), 10: node}, driver="")
    monkeypatch.setattr("vcam.cli.doctor.System", ill.system)
    return node


def test_fix_asks_first_and_does_nothing_without_a_yes(stuck: FakeLoopback) -> None:
    result = doctor("--fix", typed="\n")
    assert "Do this? [y/N]" in result.output
    assert "Mended" not in result.output
    assert not stuck.free


def test_fix_mends_and_looks_again(stuck: FakeLoopback) -> None:
    result = doctor("--fix", typed="y\n")
    assert "Mended: state. How it is now:" in result.output
    assert result.output.endswith("All is well.\n")
    assert stuck.free


def test_fix_with_yes_does_not_ask(stuck: FakeLoopback) -> None:
    assert "Do this?" not in doctor("--fix", "--yes").output
    assert stuck.free


def test_a_step_that_fails_is_told_and_the_exit_code_stays(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill = Patient(patient.folder.parent / "ill", {0: webcam()}, driver=None)
    monkeypatch.setattr(ill, "_run", lambda command: False)
    monkeypatch.setattr("vcam.cli.doctor.System", ill.system)
    result = doctor("--fix", "--yes")
    assert f"\n  {MODPROBE}" in result.output
    assert "that failed; module stays as it is" in result.output
    assert result.exit_code == 10


def test_fix_says_so_where_there_is_nothing_to_mend(patient: Patient) -> None:
    assert "nothing here that vcam may mend" in doctor("--fix").output


def test_json_and_fix_exclude_one_another(patient: Patient) -> None:
    assert doctor("--json", "--fix").exit_code == 2
