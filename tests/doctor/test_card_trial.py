from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.patients import Patient, webcam
from tests.linux.fake_nodes import FakeLoopback
from vcam.doctor import CardTrial, Case, Finding, Level, examine
from vcam.errors import ServiceError
from vcam.tools.testcard import Comparison, Playback

SIZE = Comparison("OpenCV", "size", True, "640x360", {"width": 640})
RATE = Comparison("OpenCV", "rate", True, "15.00 of 15 fps")


def finding(monkeypatch: pytest.MonkeyPatch, *checks: Comparison) -> None:
    """Have the card found so."""

    def run(self: Playback) -> Iterator[Comparison]:
        yield from checks

    monkeypatch.setattr(Playback, "run", run)


def told(patient: Patient) -> list[Finding]:
    """What the doctor says of the card."""
    case = Case(patient.system(), patient.settings(), lambda _: patient.status)
    return [found for found in examine(case, CardTrial()) if found.link == "test card"]


def test_a_program_that_is_well_has_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding(monkeypatch, SIZE, RATE, Comparison("Chromium", "size", True, "640x360"))
    assert told(Patient(tmp_path)) == [
        Finding("test card", Level.OK, "OpenCV: 640x360; 15.00 of 15 fps"),
        Finding("test card", Level.OK, "Chromium: 640x360"),
    ]


@pytest.mark.parametrize(
    ("subject", "figures", "level"),
    [
        ("colours", {"error": 31.0}, Level.PROBLEM),
        ("picture", {}, Level.PROBLEM),
        ("rate", {"rate": 12.0}, Level.WARNING),
        ("frames", {"missing": 9, "torn": 0, "late": 0}, Level.WARNING),
        ("frames", {"missing": 0, "torn": 1, "late": 0}, Level.PROBLEM),
        ("frames", {"missing": 0, "torn": 0, "late": 1}, Level.PROBLEM),
    ],
)
def test_a_wrong_picture_is_a_problem_and_a_lacking_one_a_warning(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    subject: str,
    figures: dict[str, float],
    level: Level,
) -> None:
    finding(monkeypatch, SIZE, Comparison("OpenCV", subject, False, "not so good", figures))
    assert told(Patient(tmp_path)) == [
        Finding("test card", level, f"OpenCV: {subject}: not so good")
    ]


def test_it_is_played_only_where_the_node_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding(monkeypatch, SIZE)
    fed = FakeLoopback(new=True, writer=7, active=True, opened=1)
    (skipped,) = told(Patient(tmp_path, {0: webcam(), 10: fed}))
    assert skipped.level is Level.SKIPPED
    assert "first mend state" in skipped.text


def test_a_vcam_that_runs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Playback) -> Iterator[Comparison]:
        raise ServiceError("vcam already runs for Virtual Camera", "`vcam stop` ends it")

    monkeypatch.setattr(Playback, "run", run)
    (found,) = told(Patient(tmp_path))
    assert found.level is Level.PROBLEM
    assert found.advice == "`vcam stop` ends it"


def test_an_output_that_is_no_node_is_refused(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.config = "output: {type: pipewire}\n"
    (found,) = told(patient)
    assert found.level is Level.PROBLEM
    assert "output.type is pipewire" in found.text
