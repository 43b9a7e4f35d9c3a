from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from vcam.cli.main import _COMMANDS
from vcam.cli.manual import man_page, markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_pages_are_up_to_date() -> None:
    hint = "run `python -m vcam.cli.manual`"
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == markdown(), hint
    assert (DOCS / "vcam.1").read_text(encoding="utf-8") == man_page(), hint


@pytest.mark.parametrize("command", [*_COMMANDS, "config init", "service install"])
def test_every_command_is_in_both(command: str) -> None:
    assert f"## vcam {command}\n" in markdown()
    escaped = command.replace("-", "\\-")
    assert f"\n.SS {escaped} " in man_page()


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_man_page_is_set_without_a_warning() -> None:
    command = ["groff", "-man", "-ww", "-Tutf8", "-Kutf8", str(DOCS / "vcam.1")]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stderr == ""


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_man_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANWIDTH", "90")
    shown = subprocess.run(["man", "-l", str(DOCS / "vcam.1")], capture_output=True, text=True)
    if not shown.stdout:
        pytest.skip(f"man shows nothing here ({shown.stderr.strip()})")
    assert "VCAM(1)" in shown.stdout
    assert "vcam set background.type=blur" in shown.stdout
