from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vcam.cli import cli
from vcam.errors import ServiceError
from vcam.tools.bench import STAGES, Live

QUICK = ("--size", "160x120", "--frames", "20", "--seconds", "0", "--starts", "0")


def vcam(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["bench", *(str(argument) for argument in arguments)])


def test_table_names_every_stage_and_the_floor() -> None:
    result = vcam(*QUICK, "--background", "color", "--background", "blur")
    assert result.exit_code == 0, result.output
    assert "160x120, hybrid balanced, color: 20 frames" in result.output
    assert "160x120, hybrid balanced, blur: 20 frames" in result.output
    for name in ("decode", "to model input", "inference", "everything else", "the floor"):
        assert f"  {name} " in result.output


def test_a_saved_run_can_be_compared_with(tmp_path: Path) -> None:
    saved = vcam(*QUICK, "--json")
    assert set(STAGES) <= set(json.loads(saved.stdout)["results"][0]["report"]["costs"])
    path = tmp_path / "before.json"
    path.write_text(saved.stdout)
    result = vcam(*QUICK, "--compare", path)
    assert result.exit_code == 0, result.output
    assert "now, then, ratio" in result.output
    assert "  times the floor " in result.output


def test_a_background_that_needs_more_than_its_type_is_refused() -> None:
    result = vcam(*QUICK, "--background", "image")
    assert result.exit_code == 3
    assert "background.path" in result.stderr


def test_a_size_that_is_none_is_refused() -> None:
    assert "is no size" in vcam("--size", "big").stderr


def test_a_bridge_that_shows_nobody_costs_only_its_own_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Live:
        raise ServiceError("the bench's bridge showed no person within its first seconds")

    monkeypatch.setattr("vcam.tools.bench.measure_live", refuse)
    monkeypatch.setattr("vcam.tools.bench.measure_start", refuse)
    arguments = ("--size", "160x120", "--frames", "20")
    result = vcam(*arguments, "--background", "color", "--background", "blur")
    assert result.exit_code == 0, result.output
    assert "160x120, hybrid balanced, color: 20 frames" in result.stdout
    assert "160x120, hybrid balanced, blur: 20 frames" in result.stdout
    assert result.stderr.count("showed no person within its first seconds") == 3
    saved = json.loads(vcam(*arguments, "--json").stdout)
    assert (saved["results"][0]["live"], saved["start"]) == (None, None)
