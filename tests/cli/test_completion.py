from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from vcam.cli import cli

pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")

_COMPLETE = """
source script
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_vcam_completion vcam
printf '%s\\n' "${COMPREPLY[@]}"
"""


def complete(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    script = CliRunner().invoke(cli, ["completion", "bash"]).output
    (folder / "script").write_text(script)
    program = folder / "vcam"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vcam "$@"\n')
    program.chmod(0o755)
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        ["bash", "--norc", "-c", _COMPLETE, "bash", *words],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": root},
        cwd=folder, capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    return done.stdout.split()


def test_commands(tmp_path: Path) -> None:
    assert complete(tmp_path, "vcam", "st") == ["start", "stop", "status"]


def test_options_and_their_values(tmp_path: Path) -> None:
    assert "--uninstall" in complete(tmp_path, "vcam", "setup", "--")
    assert complete(tmp_path, "vcam", "setup", "--family", "f") == ["fedora"]


def test_yaml_keys(tmp_path: Path) -> None:
    keys = complete(tmp_path, "vcam", "set", "matte.")
    assert "matte.threshold=" in keys
    assert all(key.startswith("matte.") for key in keys)


def test_the_only_key_comes_with_its_values_so_that_no_space_is_added(tmp_path: Path) -> None:
    offered = complete(tmp_path, "vcam", "set", "background.ty")
    assert offered[0] == "background.type="
    assert "background.type=blur" in offered


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("background.type", "=", "bl"), ["blur"]),
        (("camera.mirror", "="), ["true", "false"]),
        (("camera.mirror=t",), ["camera.mirror=true"]),  # as zsh and fish hand it over
        (("matte.softness", "=", "0.5", "background.style", "=", "b"), ["bokeh"]),
        (("background.typo", "=", "b"), []),
    ],
)
def test_yaml_values(tmp_path: Path, words: tuple[str, ...], values: list[str]) -> None:
    assert complete(tmp_path, "vcam", "set", *words) == values


def test_files(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "beach.png").touch()
    (folder / ".hidden.png").touch()
    offered = ["pictures/", "pictures/beach.png"]
    assert complete(tmp_path, "vcam", "set", "background.path", "=", "pic") == offered
    assert complete(tmp_path, "vcam", "set", "background.path=pictures/b") == [
        "background.path=pictures/beach.png"
    ]
    assert complete(tmp_path, "vcam", "set", "finish.overlay.path", "=", "no/such") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell: str) -> None:
    made = CliRunner().invoke(cli, ["completion", shell])
    assert made.exit_code == 0
    assert f"_VCAM_COMPLETE={shell}_complete" in made.output
