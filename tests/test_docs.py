"""What the documentation points at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_tests_that_prove_a_promise_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/privacy.md").read_text(encoding="utf-8")))
    there: set[str] = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        there.update(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M))
    assert len(named) > 20
    assert named <= there


def test_the_map_of_the_code_names_every_room_and_no_file_that_is_gone() -> None:
    text = (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and "](../" in line]
    named = {room for row in rows for room in re.findall(r"\]\(\.\./(vcam/[^)]+)\)", row)}
    rooms = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "vcam").iterdir()
        if (path / "__init__.py").exists() or path.suffix == ".py"
    }
    assert rooms - named == {"vcam/__init__.py", "vcam/__main__.py"}
    for row in rows:
        folders = [ROOT / room for room in re.findall(r"\]\(\.\./([^)]+)\)", row)]
        there = {path.stem for folder in folders for path in folder.rglob("*")}
        assert set(re.findall(r"`(\w+)`", row)) <= there, row


def test_the_readme_is_short_and_keeps_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert "\n./scripts/vcam demo " in text
    assert "\n./scripts/test " in text


def test_commands_in_the_readme_exist() -> None:
    from vcam.cli.main import _COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:\./scripts/)?vcam ([a-z][\w-]*)", text, re.M))
    assert shown
    assert shown <= set(_COMMANDS)
