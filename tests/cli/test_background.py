from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image as Pillow

from tests.clips import flat, write_clip
from vcam.cli import cli
from vcam.cli.background import ROOMS
from vcam.config import load_config


def vcam(*arguments: str | Path, answer: str = "") -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], input=answer)


@pytest.mark.parametrize("word", ["blur", "gradient", "mask"])
def test_a_word_is_a_type(own: Path, word: str) -> None:
    assert vcam("background", word).exit_code == 0
    assert load_config(own).background.type == word


def test_the_name_of_a_drawn_room_is_one(own: Path) -> None:
    assert vcam("background", "evening").exit_code == 0
    assert load_config(own).background.type == "drawn"
    assert load_config(own).background.name == "evening"


def test_the_list_names_all_words_and_changes_nothing(own: Path) -> None:
    assert vcam("background", "blur").exit_code == 0
    before = own.read_bytes()
    result = vcam("background", "--list")
    assert result.exit_code == 0
    for word in (*ROOMS, "blur", "gradient", "mask", "none"):
        assert word in result.output
    assert own.read_bytes() == before


def test_without_a_word_the_list_is_pointed_to() -> None:
    result = vcam("background")
    assert result.exit_code != 0
    assert "vcam background --list" in result.output + result.stderr


@pytest.mark.parametrize("written", ["#00b140", "rgb(0, 177, 64)", "navy"])
def test_a_colour_is_a_colour(own: Path, written: str) -> None:
    assert vcam("background", written).exit_code == 0
    assert load_config(own).background.type == "color"
    assert load_config(own).background.color in ((0, 177, 64), (0, 0, 128))


def test_a_path_is_what_lies_there(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a # folder: of 'mine'"
    folder.mkdir()
    Pillow.fromarray(np.zeros((9, 16, 3), np.uint8)).save(folder / "beach.jpg")
    Pillow.new("RGB", (16, 9)).save(tmp_path / "still.png")
    write_clip(tmp_path / "waves.avi", [flat(100), flat(100)])
    frames = [Pillow.new("L", (16, 9), level) for level in (0, 200)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    monkeypatch.chdir(folder)
    for written, kind in (
        ("beach.jpg", "image"), ("../still.png", "image"), ("../waves.avi", "video"),
        ("../moving.gif", "video"), (str(folder), "slideshow"),
    ):  # fmt: skip
        result = vcam("background", written)
        assert result.exit_code == 0, result.output
        config = load_config(own).background
        assert config.type == kind
        assert config.path is not None
        assert config.path.resolve() == Path(written).resolve()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("blru", "blur"), ("Blurr", "blur"), ("gradiant", "gradient"), ("nvay", "navy"),
     ("baech.jpg", "beach.jpg"), ("./baech.jpg", "beach.jpg"), ("sub/Waves.mp", "sub/waves.mp4")],
)  # fmt: skip
def test_what_is_called_nearly_so_is_offered(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "beach.jpg").touch()
    (tmp_path / "sub/waves.mp4").touch()
    monkeypatch.chdir(tmp_path)
    result = vcam("background", written)
    assert result.exit_code == 6
    assert f"did you mean {meant}?" in result.output
    assert not own.exists()


def test_the_room_is_shown_only_after_a_yes(own: Path) -> None:
    assert "nothing was changed" in vcam("background", "none", answer="n\n").output
    assert not own.exists()
    assert vcam("background", "none", answer="y\n").exit_code == 0
    assert load_config(own).background.type == "none"
    vcam("background", "blur")
    assert vcam("background", "none", "--yes").exit_code == 0


def test_what_is_nothing_is_refused_and_nothing_is_written(own: Path) -> None:
    result = vcam("background", "beech.jpg")
    assert result.exit_code == 6
    assert '"beech.jpg" is no file or folder here, no colour' in result.output
    assert not own.exists()


@pytest.mark.parametrize("nothing", ["", " "])
def test_nothing_is_not_the_current_folder(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nothing: str
) -> None:
    Pillow.new("RGB", (16, 9)).save(tmp_path / "private.png")
    monkeypatch.chdir(tmp_path)
    assert vcam("background", nothing).exit_code == 6
    assert not own.exists()


def test_a_file_that_cannot_be_shown_is_refused_and_nothing_is_written(
    own: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("no picture")
    result = vcam("background", tmp_path / "letter.txt")
    assert result.exit_code == 6
    assert "letter.txt" in result.output
    assert not own.exists()


@pytest.mark.skipif(os.name != "posix", reason="names are bytes")
def test_a_name_that_is_not_utf8_is_called_that(own: Path, tmp_path: Path) -> None:
    picture = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")
    Pillow.new("RGB", (16, 9)).save(tmp_path / "plain.png")
    (tmp_path / "plain.png").rename(picture)
    result = vcam("background", picture)
    assert result.exit_code == 3
    assert "rename the file to a name in UTF-8" in result.output
    assert not own.exists()
