from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vcam.cli import cli
from vcam.config import load_config


def vcam(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", ["set", "next"])
def test_command_has_help(command: str) -> None:
    result = vcam(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output


def test_set_makes_the_users_file_and_says_what_changed(own: Path) -> None:
    first = vcam("set", "background.color=#00ff00", "background.type=color")
    assert first.exit_code == 0, first.output
    assert first.output.splitlines() == [
        f"wrote {own}",
        "background.color: '#00b140' → '#00ff00'",
        "background.type: gradient → color",
    ]
    assert vcam("set", "background.type=color").output == "background.type: color, as before\n"
    assert load_config(own).background.color == (0, 255, 0)


def test_set_takes_lists(own: Path) -> None:
    assert (
        vcam("set", "background.stops=[{color: #f00, at: 0}, {color: red, at: 1}]").exit_code == 0
    )
    assert [stop.color for stop in load_config(own).background.stops] == [(255, 0, 0)] * 2


@pytest.mark.parametrize("assignment", ["background.type", "=blur"])
def test_what_is_no_assignment_is_a_fault_of_the_command_line(own: Path, assignment: str) -> None:
    result = vcam("set", assignment)
    assert result.exit_code == 2
    assert "KEY=VALUE" in result.output
    assert not own.exists()


def test_refusal_names_the_key_and_makes_no_file(own: Path) -> None:
    result = vcam("set", "background.colour=red")
    assert result.exit_code == 3
    assert 'vcam: background.colour: unknown key; did you mean "color"?' in result.output
    assert not own.exists()


def test_named_file_has_to_be_there(own: Path, tmp_path: Path) -> None:
    result = vcam("set", "background.type=blur", "--config", tmp_path / "gone.yaml")
    assert result.exit_code == 3
    assert "no such file" in result.output
    assert not (tmp_path / "gone.yaml").exists()


def test_next_steps_through_the_folder(own: Path, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).touch()
    assert vcam("next").exit_code == 3
    vcam("set", "background.type=image", f"background.path={tmp_path / 'a.jpg'}")
    assert vcam("next").output == f"background.path: {tmp_path / 'b.jpg'}\n"
    vcam("next", "--previous")
    assert vcam("next", "--previous").output == f"background.path: {tmp_path / 'c.jpg'}\n"
