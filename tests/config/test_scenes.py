"""Scenes: sets of keys with names that come before the rest of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from vcam.config import Config, ConfigFileError, load_config, parse_config
from vcam.config.changes import compare
from vcam.config.edit import set_values, shown_values, unset_values
from vcam.config.scenes import switch_scene
from vcam.errors import ConfigError

TEXT = """\
background: {type: gradient, angle: 90}
scenes:
  call:
    background:
      type: blur  # so that nobody reads the board
  stream:
    background: {type: color, color: "#00b140"}
    output: {width: 640, height: 480}
  bare:
    background: {type: none}
scene: call
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vcam.yaml"
    path.write_text(TEXT)
    return path


def switched(file: Path, name: str) -> str:
    return switch_scene(file, name, lambda before, after: None)[1].scene


def refusal(text: str) -> str:
    with pytest.raises(ConfigFileError) as refused:
        parse_config(text, Path("x.yaml"))
    return str(refused.value)


def test_the_scene_comes_before_the_rest_key_by_key(file: Path) -> None:
    background = load_config(file).background
    assert (background.type, background.angle) == ("blur", 90)


def test_without_a_scene_the_rest_counts(file: Path) -> None:
    assert switched(file, "none") == "none"
    assert load_config(file).background.type == "gradient"


def test_a_configuration_made_in_python_applies_its_scene() -> None:
    config = Config.model_validate({"scenes": {"a": {"matte": {"choke": 2}}}, "scene": "a"})
    assert config.matte.choke == 2
    assert Config.model_validate(config.model_dump()) == config


def test_going_over_changes_what_the_scenes_change(file: Path) -> None:
    before, after = switch_scene(file, "stream", lambda before, after: None)
    changes = compare(before, after)
    assert set(changes.keys) >= {"scene", "background.type", "output.width"}
    assert set(changes.needs_restart) == {"output.width", "output.height"}


def test_next_and_previous_go_round_and_pass_over_the_room(file: Path) -> None:
    assert [switched(file, "next") for _ in range(2)] == ["stream", "call"]
    assert [switched(file, "previous") for _ in range(2)] == ["stream", "call"]
    assert switched(file, "bare") == "bare", "who names it gets it"
    switched(file, "none")
    assert switched(file, "next") == "call"
    switched(file, "none")
    assert switched(file, "previous") == "stream"


def test_next_never_shows_the_room_that_the_rest_of_the_file_shows(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("background: {type: none}\nscenes: {a: {}, b: {background: {type: blur}}}\n")
    assert switched(path, "next") == "b"
    assert switched(path, "next") == "b"


def test_next_without_scenes_says_how_to_write_some(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("background: {type: blur}\n")
    with pytest.raises(ConfigError, match=r"no scenes in .*vcam\.yaml"):
        switched(path, "next")


def test_what_is_set_is_set_where_it_counts(file: Path) -> None:
    set_values(file, {"background.type": "mask", "background.angle": 45})
    text = file.read_text()
    assert "      type: mask  # so that nobody reads the board\n" in text
    assert "{type: gradient, angle: 45}" in text
    assert shown_values(file, ["background.type"]) == {"background.type": "mask"}


def test_what_is_unset_is_taken_out_where_it_counts(file: Path) -> None:
    assert unset_values(file, ["background.type"]).background.type == "gradient"
    assert unset_values(file, ["background.type"]).background.type == "gradient"
    assert file.read_text().count("type:") == 2
    assert unset_values(file, ["background.angle"]).background.angle == 180


def test_taking_out_the_last_key_leaves_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("# mine\nmatte: {choke: 2}\n")
    unset_values(path, ["matte.choke"])
    assert load_config(path) == Config()
    path.write_text("# mine\nscene: none\n")
    unset_values(path, ["scene"])
    assert path.read_text().startswith("# mine\n")
    assert load_config(path) == Config()


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("a: 1\nb: 2  # c\nd: 3\n", "b", "a: 1\nd: 3\n"),
        ("a: {b: 1, c: 2}\n", "a.b", "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", "a.c", "a: {b: 1}\n"),
        ("a: {b: 1}\n", "a.b", "a: {}\n"),
        ("a:\n  b: [1,\n    2]\n  c: 3\n", "a.b", "a:\n  c: 3\n"),
        ("a:\r\n  b: 1\r\nc: 2\r\n", "a.b", "a:\r\nc: 2\r\n"),
        ("a: |\n  x\n  y\nb: 1\n", "a", "b: 1\n"),
        ("a: 1\n", "a", ""),
    ],
)
def test_taking_out_touches_nothing_else(before: str, key: str, after: str) -> None:
    from vcam.config.key_removal import remove

    assert remove(before, key.split(".")) == after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenes: [a]\n", "x.yaml:1:1: scenes: found a list (a); names of scenes are wanted"),
        ("scenes:\n  next: {}\n", "x.yaml:2:3: scenes.next: "),
        ("scenes:\n  a: blur\n", 'x.yaml:2:3: scenes.a: found "blur"; keys are wanted'),
        ("scenes: {a: {scene: b}}\n", "scene is a key of the whole file"),
        ("scenes: {a: {backgroud: {}}}\n", 'scenes.a.backgroud: unknown key; did you mean "back'),
        ("scenes:\n  a:\n    matte: {choke: x}\n", "x.yaml:3:13: scenes.a.matte.choke: found"),
        ("scenes:\n  a:\n    background: {type: image}\n", "x.yaml:3:5: background.type image nee"),
        ("scene: {background: {type: blur}}\n", "scene: found keys with values; the name of one"),
        ("scene: [a, b]\n", "scene: found a list (a, b); the name of one scene is wanted, as in"),
        ("scenes: {a: {}}\nscene: b\n", 'x.yaml:2:1: scene: found "b"; there is no such scene'),
        ("scenes: {a/b: {}}\n", "letters, digits"),
        (f"scenes: {{{', '.join(f's{i}: {{}}' for i in range(25))}}}\n", "24 scenes at most"),
        ("background: {type: blu}\nscenes: {a: {}}\n", "x.yaml:1:14: background.type: found"),
    ],
)
def test_a_mistake_in_a_scene_names_its_place(text: str, said: str) -> None:
    assert said in refusal(text)
    assert refusal(text).count("\n") == 0, "once, not once for each scene"


def test_a_mistake_in_a_scene_that_does_not_count_is_found(file: Path) -> None:
    file.write_text(TEXT.replace("#00b140", "grun"))
    with pytest.raises(ConfigFileError, match=r"yaml:7:\d+: scenes\.stream\.background\.color"):
        load_config(file)
    file.write_text(TEXT)
    with pytest.raises(ConfigError, match="there is no such scene"):
        switched(file, "cal")
    assert file.read_text() == TEXT


def test_a_path_of_a_scene_starts_at_the_file(file: Path) -> None:
    set_values(file, {"scenes.call.background": {"type": "image", "path": "a.png"}})
    assert load_config(file).background.path == file.parent / "a.png"


def test_scenes_that_are_all_commented_out_are_none() -> None:
    assert parse_config("scenes:\n  # call:\n", Path("x.yaml")).scenes == {}
    assert parse_config("scenes: {a: }\nscene: a\n", Path("x.yaml")).scene == "a"


@pytest.mark.parametrize("scene", ["5", "true"])
def test_a_scene_that_is_no_name_is_refused_with_its_line(tmp_path: Path, scene: str) -> None:
    with pytest.raises(ConfigFileError, match=r"vcam.yaml:1:1: scene: found .*; text is wanted"):
        parse_config(f"scene: {scene}\nscenes: {{x: {{}}}}\n", tmp_path / "vcam.yaml")
