from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vcam.config import Config, ConfigFileError, find_config, load_config, parse_config
from vcam.config.find import user_config_path
from vcam.system.user import is_root

YAML = Path("/home/ann/vcam.yaml")


def complaint(text: str) -> str:
    with pytest.raises(ConfigFileError) as caught:
        parse_config(text, YAML)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("camera:\n  widht: 640\n", ':2:3: camera.widht: unknown key; did you mean "width"?'),
        ("backgruond: {}\n", ':1:1: backgruond: unknown key; did you mean "background"?'),
        ("camera:\n  fps: 0\n", ":2:3: camera.fps: found 0; it must be greater than or equal to 1"),
        ("camera: {width: 12.5}\n", "camera.width: found 12.5; a whole number is wanted"),
        ("camera: {fps: '30'}\n", 'camera.fps: found "30"; a number is wanted, without quotes'),
        ("camera: {mirror: perhaps}\n", 'found "perhaps"; true or false is wanted'),
        ("background: {type: blurr}\n", '(did you mean "blur"?)'),
        ("background: {type: image}\n", "background.type image needs background.path"),
        ("background: {color: #0f0}\n", "not valid YAML"),
        ("background:\n  color: #0f0\n", 'write "#00b140" in quotes'),
        ("background: {color: [0, 177, 64]}\n", 'write "rgb(0, 177, 64)" with red first'),
        ("background: {color: 00b140}\n", 'write it with a # and in quotes: "#00b140"'),
        ("background: {color: blu}\n", 'found "blu"; write a name'),
        ("background: {stops: [{color: red, at: 0}]}\n", "the list must have at least 2"),
        (
            "background:\n  stops:\n    - {color: red, at: 1}\n    - {color: blue, at: 0}\n",
            "must stand in the order",
        ),
        ("background: {path: $NO_SUCH_VARIABLE/a.png}\n", "$NO_SUCH_VARIABLE is not set"),
        ("path: beach.jpg\n", 'write it on a line of its own below "camera:" or "background:"'),
        ("strength: 1\n", 'below "background:", indented'),
        ("output: {width: 1281}\n", "it must be even, such as 1280 or 1282"),
        ("output: {type: file}\n", "output.type file needs output.path"),
        ("segmentation: {mog2: {cleanup: {size: 4}}}\n", "size must be odd, such as 5"),
        ("camera:\n\tfps: 3\n", ":2:1: camera: this is not valid YAML (a tab stands here)"),
        ("background: {color: 2020-13-45}\n", 'found "2020-13-45"; write a name'),
        ("camera: !!int abc\n", '"abc" is no !!int; write no !!tags'),
        ("!!omap [a: b]\n", ":1:1: the tag !!omap is not understood here; write no !!tags"),
        ("[" * 3000, "too many brackets or levels"),
        ("background: {path: ~no-such-user/a.png}\n", "home folder in ~no-such-user/a.png"),
        ("camera:\n\tfps: 3\n", "indent with spaces, never with tabs"),
        ("camera: {fps: 3, fps: 4}\n", "each key may stand once"),
        ("camera:\n  fps: [\n", "this is not valid YAML"),
        ("camera: 3\n", "camera: found 3; keys with values are wanted"),
        ("- camera\n", ":1:1: sections are wanted, not a list"),
        ("hello\n", "sections are wanted"),
        ("", "there are no settings in it"),
        ("# only a comment\n", "there are no settings in it"),
    ],
)
def test_refusal_names_place_key_and_fix(text: str, message: str) -> None:
    said = complaint(text)
    assert said.startswith(str(YAML))
    assert message in said


def test_all_faults_are_told_in_the_order_of_the_file() -> None:
    lines = complaint("output: {fps: 0}\ncamera:\n  fsp: 1\n  width: 1\n").splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "3", "4"]


def test_fault_in_a_list_names_the_entry() -> None:
    text = "background:\n  stops:\n    - {color: red, at: 0}\n    - {color: x, at: 1}\n"
    assert ":4:8: background.stops[1].color" in complaint(text)


def test_empty_section_means_defaults() -> None:
    assert parse_config("camera:\nbackground:\n  type: blur\n", YAML).camera == Config().camera


def test_paths_start_at_the_file_and_are_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PICTURES", str(tmp_path / "p"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for written, meant in (
        ("a.png", tmp_path / "a.png"),
        ("$PICTURES/a.png", tmp_path / "p" / "a.png"),
        ("~/a.png", tmp_path / "home" / "a.png"),
        ("/a.png", Path("/a.png")),
    ):
        config = parse_config(f"background: {{path: '{written}'}}\n", tmp_path / "vcam.yaml")
        assert config.background.path == meant


def test_models_own_file_is_found_like_every_path(tmp_path: Path) -> None:
    for written, meant in (("own.tflite", str(tmp_path / "own.tflite")), ("general", "general")):
        text = f"segmentation: {{mediapipe: {{model: {written}}}}}\n"
        config = parse_config(text, tmp_path / "vcam.yaml")
        assert config.segmentation.mediapipe.model == meant


def test_colors_are_red_first() -> None:
    for text in ("red", '"#f00"', '"#ff0000"', '"rgb(255, 0, 0)"'):
        config = parse_config(f"background: {{color: {text}}}\n", YAML)
        assert config.background.color == (255, 0, 0)


def test_camera_may_be_a_number_or_a_name() -> None:
    assert parse_config("camera: {device: 2}\n", YAML).camera.device == 2
    assert parse_config("camera: {device: Logi}\n", YAML).camera.device == "Logi"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
        (b"#" * 2_000_000, "too large for a configuration"),
    ],
)
def test_unusable_file_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "vcam.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigFileError, match=message) as caught:
        load_config(path)
    assert str(path) in str(caught.value)


def test_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigFileError, match="this is a directory"):
        load_config(tmp_path)


@pytest.mark.skipif(is_root() or sys.platform == "win32", reason="root may read everything")
def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("camera: {}\n")
    path.chmod(0)
    with pytest.raises(ConfigFileError, match="cannot be read"):
        load_config(path)


def test_named_file_comes_before_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own = user_config_path()
    assert find_config().path is None
    own.parent.mkdir(parents=True)
    own.write_text("camera: {fps: 10}\n")
    assert find_config().config.camera.fps == 10
    named = tmp_path / "other.yaml"
    named.write_text("camera: {fps: 20}\n")
    assert find_config(named).config.camera.fps == 20


def test_broken_own_file_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own = user_config_path()
    own.parent.mkdir(parents=True)
    own.symlink_to(tmp_path / "gone.yaml")
    with pytest.raises(ConfigFileError, match="no such file"):
        find_config()


def test_nobody_is_talked_into_showing_the_room() -> None:
    for value in ("~", "none_", "non", "None"):
        assert 'did you mean "none"' not in complaint(f"background: {{type: {value}}}\n")


def test_a_configuration_that_was_written_out_can_be_read_again(tmp_path: Path) -> None:
    config = parse_config("background: {color: navy}\n", tmp_path / "vcam.yaml")
    written = config.model_dump_json()
    assert '"#000080"' in written
    assert parse_config(written, tmp_path / "vcam.yaml") == config
