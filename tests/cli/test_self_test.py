from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from vcam.cli.main import cli
from vcam.selftest import Check, SelfTest

GOOD = Check("OpenCV", "size", True, "640x360", {"width": 640})
BAD = Check("OpenCV", "colours", False, "largest error 31.0 levels")


def finding(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    def run(self: SelfTest) -> Iterator[Check]:
        yield from checks

    monkeypatch.setattr(SelfTest, "run", run)


def test_each_check_has_a_line_under_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    finding(monkeypatch, GOOD, BAD)
    result = CliRunner().invoke(cli, ["self-test"])
    assert result.stdout.splitlines() == [
        "OpenCV",
        "  ok       size: 640x360",
        "  PROBLEM  colours: largest error 31.0 levels",
    ]
    assert result.exit_code == 7


def test_nothing_wrong_is_exit_code_0_and_json_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    finding(monkeypatch, GOOD)
    result = CliRunner().invoke(cli, ["self-test", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["figures"] == {"width": 640}


def test_an_output_that_is_no_node_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vcam.yaml"
    file.write_text("output: {type: pipewire}\n")
    result = CliRunner().invoke(cli, ["self-test", "--config", str(file)])
    assert result.exit_code == 7
    assert "output.type is pipewire" in result.stderr
