"""`scripts\\vcam.cmd`, run by cmd.exe, in a folder with a blank and an umlaut."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import vcam
from vcam.service.daemon import run_folder

PATIENCE = 300.0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What of a checkout counts for the script."""
    root = tmp_path / "Jörg Müller"
    (root / "scripts").mkdir(parents=True)
    script = (run_folder() / "scripts/vcam.cmd").read_text(encoding="ascii")
    (root / "scripts/vcam.cmd").write_text(script, encoding="ascii", newline="\r\n")
    (root / "pyproject.toml").write_text("[project]\n")
    return root


def with_python(root: Path) -> None:
    """Let .venv have a Python, and be made for this pyproject.toml."""
    programs = root / ".venv/Scripts"
    programs.mkdir(parents=True)
    folder = Path(sys.executable).parent
    for file in (Path(sys.executable), *folder.glob("*.dll")):
        shutil.copy(file, programs)
    stamp = '@for %%f in (pyproject.toml) do @echo %%~tf, %%~zf bytes> ".venv\\vcam-runtime"\n'
    (root / "stamp.cmd").write_text(stamp, newline="\r\n")
    subprocess.run("cmd /c stamp.cmd", cwd=root, check=True, timeout=PATIENCE)


def typed(root: Path, words: str, **environment: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    done = subprocess.run(
        f"cmd /c scripts\\vcam.cmd {words}",
        cwd=root, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, done.stdout.decode("utf-8", "replace")


def test_the_environment_that_is_there_runs_vcam_with_all_its_words(checkout: Path) -> None:
    with_python(checkout)
    lets_python_be_found = {"PYTHONHOME": sys.prefix, "PYTHONPATH": str(run_folder())}
    assert typed(checkout, "--version", **lets_python_be_found) == (
        0, f"vcam, version {vcam.__version__}\r\n",
    )  # fmt: skip
    told = typed(checkout, 'config check "not there.yaml"', **lets_python_be_found)
    assert told[0] == 3
    assert "not there.yaml" in told[1]


@pytest.mark.parametrize("is_stale", [False, True])
def test_without_a_python_the_way_to_get_one_is_said(checkout: Path, is_stale: bool) -> None:
    if is_stale:
        with_python(checkout)
        (checkout / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    system = os.environ["SYSTEMROOT"]
    code, told = typed(checkout, "start", PATH=f"{system}\\system32;{system}")
    assert code == 8
    assert "winget install Python" in told
