from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.doctor.patients import Patient, webcam
from tests.linux.fake_nodes import FakeLoopback
from vcam.cli import cli
from vcam.doctor import Case, System
from vcam.segmenters import models
from vcam.tools.testcard import Comparison, Playback

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


@pytest.mark.parametrize(
    "options",
    [("--json", "--fix"), ("--app", "--fix"), ("--seconds", "3"), ("--no-browser",)],
)
def test_options_that_make_no_sense_together(patient: Patient, options: tuple[str, ...]) -> None:
    assert doctor(*options).exit_code == 2


@pytest.fixture
def asked(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> list[Playback]:
    """A test card whose colours arrive wrong; gives what was to be played."""
    played: list[Playback] = []

    def run(self: Playback) -> Iterator[Comparison]:
        played.append(self)
        yield Comparison("OpenCV", "size", True, "640x360", {"width": 640})
        yield Comparison("OpenCV", "colours", False, "largest error 31.0 levels", {"error": 31.0})

    monkeypatch.setattr(Playback, "run", run)
    return played


def test_app_plays_a_test_card_and_ends_with_10_where_it_arrives_wrong(
    asked: list[Playback],
) -> None:
    result = doctor("--app", "--seconds", "5", "--no-browser")
    assert result.exit_code == 10
    assert "problem  test card      OpenCV: colours: largest error 31.0 levels" in result.stdout
    assert [(one.seconds, one.with_browser) for one in asked] == [(5, False)]


def test_app_gives_its_figures_to_programs(asked: list[Playback]) -> None:
    told = json.loads(doctor("--app", "--json").stdout)
    assert told["findings"][-1]["link"] == "test card"
    assert [check["figures"] for check in told["checks"]] == [{"width": 640}, {"error": 31.0}]
    assert "checks" not in json.loads(doctor("--json").stdout)
