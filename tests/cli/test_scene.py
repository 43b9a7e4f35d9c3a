"""`vcam scene`, `get`, `unset`, `toggle` and `config edit`, as typed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vcam.cli import cli
from vcam.config import load_config

TEXT = """\
scenes:
  call: {background: {type: blur}}
  stream: {background: {type: color}, output: {width: 640}}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        "vcam.config.find.platformdirs.user_config_dir", lambda *_, **__: str(tmp_path)
    )
    path = tmp_path / "vcam.yaml"
    path.write_text(TEXT)
    return path


def vcam(*arguments: str, code: int = 0, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, arguments, input=typed)
    assert result.exit_code == code, result.output
    return result


def test_scenes_are_listed_with_the_one_that_counts(file: Path) -> None:
    assert vcam("scene", "-c", str(file)).output == "* none\n  call\n  stream\n"


def test_going_over_says_from_where_to_where(file: Path) -> None:
    assert vcam("scene", "call", "-c", str(file)).output == "scene: none → call\n"
    assert vcam("scene", "call", "-c", str(file)).output == "scene: call, as before\n"
    assert load_config(file).background.type == "blur"


def test_a_scene_whose_picture_is_not_there_is_refused_and_nothing_is_written(file: Path) -> None:
    file.write_text("scenes: {a: {background: {type: image, path: no.png}}}\n")
    assert "no.png" in vcam("scene", "a", "-c", str(file), code=6).output
    assert load_config(file).scene == "none"


def test_the_tab_key_knows_the_scenes(file: Path) -> None:
    from click.shell_completion import ShellComplete

    def offered(*words: str, begun: str = "") -> list[str]:
        found = ShellComplete(cli, {}, "vcam", "_VCAM").get_completions([*words], begun)
        return [one.value for one in found]

    assert offered("scene", "-c", str(file), begun="c") == ["call"]
    assert "background.type" in offered("get", begun="background.t")
    assert offered("toggle", begun="camera.m") == ["camera.mirror"]


def test_get_prints_what_counts(file: Path) -> None:
    vcam("scene", "call", "-c", str(file))
    assert vcam("get", "background.type", "-c", str(file)).output == "blur\n"
    assert vcam("get", "matte.choke", "scene", "-c", str(file)).output == (
        "matte.choke: 0.0\nscene: call\n"
    )
    assert json.loads(vcam("get", "--json", "background.focus", "-c", str(file)).output) == {
        "x": 0.5,
        "y": 0.5,
    }
    assert (
        'did you mean "background.type"?'
        in vcam("get", "backgroud.type", "-c", str(file), code=3).output
    )


def test_unset_has_the_default_count_again(file: Path) -> None:
    vcam("set", "matte.choke=2", "-c", str(file))
    assert vcam("unset", "matte.choke", "-c", str(file)).output == "matte.choke: 2 → 0\n"
    assert vcam("unset", "matte.choke", "-c", str(file)).output == "matte.choke: 0, as before\n"
    assert "there is no key" in vcam("unset", "matte.chok", "-c", str(file), code=3).output


def test_toggle_turns_a_key_on_and_off(file: Path) -> None:
    vcam("toggle", "camera.mirror", "-c", str(file))
    assert load_config(file).camera.mirror
    vcam("toggle", "camera.mirror", "-c", str(file))
    assert not load_config(file).camera.mirror
    assert "cannot be toggled" in vcam("toggle", "camera.fps", "-c", str(file), code=3).output


def editor(folder: Path, *edits: tuple[str, str]) -> str:
    """A command that makes the first edit that the file has something for."""
    script = folder / "my editor.py"
    script.write_text(
        f"import pathlib, sys\nfile = pathlib.Path(sys.argv[-1])\ntext = file.read_text()\n"
        f"for old, new in {edits!r}:\n    if old in text:\n"
        f"        file.write_text(text.replace(old, new)); break\n"
    )
    return f'"{sys.executable}" "{script}"'


def test_what_was_edited_is_checked_and_edited_again(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "VISUAL", editor(tmp_path, ("{type: blur}", "{type: blu}"), ("blu}", "mask}"))
    )
    output = vcam("config", "edit", str(file), typed="y\n").output
    assert 'did you mean "blur"?' in output
    assert output.endswith("vcam.yaml: no faults\n")
    monkeypatch.setenv("VISUAL", editor(tmp_path, ("{type: mask}", "{type: blu}")))
    vcam("config", "edit", str(file), typed="n\n", code=3)


def test_editing_begins_with_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path))
    vcam("config", "edit", str(tmp_path / "new.yaml"))
    assert load_config(tmp_path / "new.yaml").background.type == "gradient"


@pytest.mark.parametrize("written", ["/no/editor", "'", "false"])
def test_an_editor_that_does_not_work_is_named(
    written: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", written)
    assert "EDITOR" in vcam("config", "edit", str(file), code=8).output.replace("VISUAL", "EDITOR")
