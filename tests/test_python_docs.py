"""The examples of docs/python.md and of the README: they run, and their types are right."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vcam
from tests.portrait import portrait

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def examples() -> list[str]:
    pages = [ROOT / "README.md", ROOT / "docs" / "python.md"]
    return [code for page in pages for code in _BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    vcam.write_picture(tmp_path / "me.jpg", portrait())
    vcam.write_picture(tmp_path / "me2.jpg", portrait()[:, ::-1])
    with vcam.VideoWriter(tmp_path / "me.mp4", fps=10) as out:
        for _ in range(3):
            out.write(portrait())
    (tmp_path / "vcam.yaml").write_text("matte: {quality: fast}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("number", range(len(examples())))
def test_an_example_runs(number: int, folder: Path) -> None:
    exec(compile(examples()[number], f"example {number}", "exec"), {"__name__": "example"})


def test_the_examples_leave_what_they_say(folder: Path) -> None:
    for code in examples():
        exec(code, {"__name__": "example"})
    made = {path.name for path in folder.iterdir()}
    assert {"cut.png", "cut.webp", "navy.jpg", "out.mp4", "out.webm"} <= made


def test_the_examples_pass_strict_type_checking(tmp_path: Path) -> None:
    for number, code in enumerate(examples()):
        (tmp_path / f"example_{number}.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull,
         "--cache-dir", str(ROOT / ".mypy_cache" / "examples"), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
