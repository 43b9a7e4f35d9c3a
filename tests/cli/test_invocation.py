from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from vcam.cli import cli
from vcam.cli.invocation import TAKE_CONFIG, as_typed, program_name, remember_config

ROOT = Path(__file__).parents[2]


def test_a_script_that_was_called_is_named_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VCAM_PROGRAM", "./scripts/vcam")
    assert as_typed("run `vcam models fetch`") == "run `./scripts/vcam models fetch`"
    assert as_typed("the vcam that runs, and vcam.yaml") == "the vcam that runs, and vcam.yaml"


def test_a_path_with_spaces_can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VCAM_PROGRAM", "/home/a b/vcam")
    assert program_name() == "'/home/a b/vcam'"


def test_a_module_without_a_command_is_called_by_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VCAM_PROGRAM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "argv", [str(ROOT / "vcam/__main__.py")])
    assert program_name() == f"{sys.executable} -m vcam"
    monkeypatch.setattr(sys, "argv", ["/usr/bin/vcam"])
    assert program_name() == "vcam"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_script_of_a_checkout_tells_how_it_was_called(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    python = root / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho called as $VCAM_PROGRAM\n")
    python.chmod(0o755)
    (root / "pyproject.toml").touch()
    (root / ".venv/vcam-runtime").touch()
    told = subprocess.run(["./scripts/vcam", "doctor"], cwd=root, capture_output=True, text=True)
    assert told.stdout == "called as ./scripts/vcam\n"


def test_messages_name_the_configuration_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VCAM_PROGRAM", raising=False)
    monkeypatch.setattr(sys, "argv", ["/usr/bin/vcam"])
    remember_config(Path("my café.yaml"))
    try:
        assert as_typed("`vcam stop` ends it") == "`vcam stop -c 'my café.yaml'` ends it"
        assert as_typed("`vcam set a=1`") == "`vcam set -c 'my café.yaml' a=1`"
        assert as_typed("`vcam models fetch`, `vcam setup`") == "`vcam models fetch`, `vcam setup`"
    finally:
        remember_config(None)
    assert as_typed("`vcam stop`") == "`vcam stop`"


def test_every_command_with_a_configuration_is_known() -> None:
    def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[str]:
        if any("--config" in option.opts for option in command.params):
            yield " ".join(words)
        if isinstance(command, click.Group):
            for name in command.list_commands(click.Context(command)):
                inner = command.get_command(click.Context(command), name)
                assert inner is not None
                yield from walk(inner, (*words, name))

    assert sorted(walk(cli, ())) == sorted(TAKE_CONFIG)


def test_a_file_without_its_option_is_understood() -> None:
    said = CliRunner().invoke(cli, ["run", "my.yaml"]).output
    assert "did you mean vcam run -c my.yaml?" in said or "did you mean cli run -c my.yaml?" in said
    assert "did you mean" not in CliRunner().invoke(cli, ["models", "list", "my.yaml"]).output
