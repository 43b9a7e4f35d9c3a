"""`vcam report`: what it holds, and what it never holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.service.places import own_places
from vcam.cli import cli
from vcam.config import load_config
from vcam.service.runtime import Instance

SECRETS = ("wedding", "Grandmother", "holiday", "barnaby", "moonbase", "stream for mum")
TEXT = """\
background: {type: image, path: wedding.jpg, blur: 0.25}
camera: {device: Grandmother}
output: {placeholder: {type: card, text: gone on holiday}}
scenes: {stream for mum: {background: {type: blur}}}
"""


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("getpass.getuser", lambda: "barnaby")
    monkeypatch.setattr("socket.gethostname", lambda: "moonbase")
    monkeypatch.setattr("vcam.doctor.examine", lambda case: [])
    found = ["/home/barnaby/wedding.jpg"]
    monkeypatch.setattr("vcam.doctor.findings_text.report", lambda findings: found)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "vcam.yaml"
    path.write_text(TEXT)
    with own_places(monkeypatch):
        log = Instance.of(load_config(path).output).log_path
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("barnaby opened /home/barnaby/wedding.jpg on moonbase\nthe camera is lost\n")
        result = CliRunner().invoke(cli, ["report", "-c", str(path)])
    assert result.exit_code == 0, result.output
    assert "wrote vcam-report.txt" in result.output
    return (tmp_path / "vcam-report.txt").read_text()


def test_a_report_has_what_helps(report: str) -> None:
    for wanted in ("numpy ", "background.type: image", "background.blur: 0.25", "does not run",
                   "the camera is lost", "background.path: <file.jpg>", "camera.device: <text>",
                   "scenes: <1 of them>"):  # fmt: skip
        assert wanted in report


@pytest.mark.parametrize("secret", SECRETS)
def test_a_report_has_nothing_personal(report: str, secret: str) -> None:
    assert secret not in report


def test_a_report_replaces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.doctor.examine", lambda case: [])
    monkeypatch.setattr("vcam.doctor.findings_text.report", lambda findings: [])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vcam-report.txt").write_text("mine")
    with own_places(monkeypatch):
        assert CliRunner().invoke(cli, ["report"]).exit_code == 0
        assert CliRunner().invoke(cli, ["report", "-o", "vcam-report.txt"]).exit_code == 7
    assert (tmp_path / "vcam-report.txt").read_text() == "mine"
    assert (tmp_path / "vcam-report-2.txt").exists()
