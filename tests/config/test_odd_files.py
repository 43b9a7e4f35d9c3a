"""Files that are no configuration, or one written in an odd way: each refused at once, and why."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.named_pipes import make_pipe
from vcam.config import ConfigFileError, load_config, parse_config

PATH = Path("/home/ann/vcam.yaml")
BOMB = "x0: &a0 [l,l,l,l,l,l,l,l,l]\n" + "".join(
    f"x{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 8)
)


def refusal(text: str, path: Path = PATH) -> str:
    with pytest.raises(ConfigFileError) as caught:
        parse_config(text, path)
    assert all(complaint.fix for complaint in caught.value.complaints)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, ":5:18: x4[2]: this is not a configuration (too many values, or aliases"),
        (f"{BOMB}background: *a6\n", "aliases that stand for many"),
        ("camera: {mirror: !!bool x}\n", ':1:18: camera.mirror: "x" is no !!bool'),
        ("matte: {softness: !!float }\n", ':1:19: matte.softness: "" is no !!float'),
        ("camera: {width: !!int }\n", ':1:17: camera.width: "" is no !!int'),
        ("camera: !!omap\n", "camera: the tag !!omap is not understood here"),
        ("camera: !!set\n", "camera: the tag !!set is not understood here"),
        ("camera: !!python/object:os.system x\n", "!!python/object:os.system is not understood"),
        ("camera: !mine x\n", "the tag !mine is not understood here"),
        ("camera: &a\n  <<: *a\n", ":2:7: camera.<<: *a stands inside of what it stands for"),
        ("camera: *nobody\n", "*nobody stands for nothing: there is no &nobody"),
        (f"camera: {{width: 0x{'f' * 4000}}}\n", 'camera.width: found "0xffff'),
        (f"camera: {{width: {'9' * 5000}}}\n", '..."; a number is wanted, such as 1 or 0.5'),
        ("matte: {softness: '0.7'}\n", "a number is wanted, without quotes"),
        ("matte:\n  softness: 0,7\n", "with a point for a comma: 0.7"),
        ("camera: {fps: 30 fps}\n", "a number alone is wanted"),
        ("camera: {fps: fast}\n", "a number is wanted, such as 1 or 0.5"),
        ("background: {color: #0f0}\n", "an unquoted # begins a comment"),
        ("background: {path: vintage #.jpg}\n", "an unquoted # begins a comment"),
        ("output: {device: [alias, 'b}\n", "close the quote"),
        ("background:\n  type:blur\n", "put a blank behind the colon"),
        ("background: {paths: [a #1.jpg, b.jpg]}\n", "an unquoted # begins a comment"),
        ("matte: {softness: .inf}\n", "matte.softness: found inf; a number with an end is wanted"),
        ("str: x\n", ":1:1: str: unknown key; known here: version, camera"),
        ("int: x\n", ":1:1: int: unknown key"),
        ("camera[0]: x\n", ':1:1: camera[0]: unknown key; did you mean "camera"?'),
        (
            "background:\n  stops[0]: red\n",
            ':2:3: background.stops[0]: unknown key; did you mean "stops"?',
        ),
        ("1: x\n", ":1:1: 1: unknown key"),
        ("[a]: x\n", "a key must be a word"),
        ("? {a: 1}\n: x\n", "a key must be a word"),
        (": x\n", "a key must be a word"),
        ('"\\ud800": 1\n', 'found "\\ud800", with the invisible character "\\ud800"'),
        ('camera: {type: "\\e]0;owned\\a\\e[2J"}\n', 'camera.type: found "\\x1b]0;owned\\x07'),
        (
            "camera: {device: a\x07b}\n",
            ':1:19: a character that does not belong into text: "\\x07"',
        ),
        ("camera: {device: \ud800}\n", 'does not belong into text: "\\ud800"'),
        ("a: " + "[" * 1000, "too many brackets or levels"),
        ("- " * 3000, "too many brackets or levels"),
        ("a: {" * 500, "too many brackets or levels"),
        ("camera: {fps: 5}\n---\ncamera: {fps: 6}\n", ":2:1: a second document begins here"),
        ("%YAML 9.9\n---\ncamera: {}\n", "a line may not begin with %: delete it"),
        ("camera: {device: 'a}\n", "close the quote"),
        ("camera: {fps: 5\n", "close the bracket"),
        ("camera: {device: @home}\n", "put the value in quotes"),
        ("output:\n  device: Cam: mine\n", "put a text with a colon in quotes"),
    ],
)
def test_odd_text_is_refused_with_its_place_and_a_cure(text: str, message: str) -> None:
    began = time.process_time()
    assert message in refusal(text)
    assert time.process_time() - began < 1


def test_what_yaml_offers_beside_is_understood() -> None:
    text = "camera: &same\n  fps: 25\n  device: !!str 7\nframing: {zoom: !!float 2}\n"
    config = parse_config(text, PATH)
    assert (config.camera.fps, config.camera.device, config.framing.zoom) == (25, "7", 2)
    merged = "finish: {overlay: &o {size: 0.5}}\nframing: {focus: &f {x: 0.25}}\n"
    merged += "background: {focus: {<<: *f, y: 0.75}}\n"
    focus = parse_config(merged, PATH).background.focus
    assert (focus.x, focus.y) == (0.25, 0.75)
    assert parse_config("output: {placeholder: {text: 2026-11-28}}", PATH).output.placeholder.text


def test_many_faults_are_counted_and_the_first_told() -> None:
    said = refusal("".join(f"k{n}: 1\n" for n in range(600)))
    assert said.count("\n") == 12
    assert said.endswith("... and 588 more")
    assert len(said) < 4000


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("004721", '"#004721"'), ("000000", '"#000000"'), ("0x0a0a0a", '"#0a0a0a"'),
        ("1e3", '"#1e3"'), ("00e100", '"#00e100"'), ("123", '"#123"'), ("112233ff", '"#112233ff"'),
        ("12.5", '"#rrggbb"'), ("true", '"#rrggbb"'), ("5", '"#rrggbb"'),
        ('"rgb(256,0,0)"', "from 0 to 255"), ('"rgb(101%,0%,0%)"', "from 0 to 255"),
        ('"hsl(0,0%,300%)"', "from 0 to 255"), (f'"rgb({"9" * 30},0,0)"', "from 0 to 255"),
        (f'"rgb({"9" * 400}%,0%,0%)"', "#rrggbb"), ("[300, 0]", "#rrggbb"),
        ("[[1], 2, 3]", "#rrggbb"),
    ],
)  # fmt: skip
def test_a_colour_is_refused_with_the_one_that_was_meant(written: str, cure: str) -> None:
    said = refusal(f"background:\n  color: {written}\n")
    assert ":2:3: background.color: found" in said
    assert cure in said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("background:\t\n  type: blur\n", ":1:12:"),
        ("background:\n  type:\tblur\n", ":2:8:"),
        ("background:\n  type: blur\t# soft\n", ":2:13:"),
        ("background:\n\ttype: blur\n", ":2:1:"),
    ],
)
def test_a_tab_is_found_where_it_stands(text: str, place: str) -> None:
    said = refusal(text)
    assert place in said
    assert "a tab stands here" in said
    assert ("indent with spaces" in said) == (":2:1:" in place)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("background:\n\u00a0\u00a0type: blur\n", ":2:1:"),
        ("background:\n  type:\u00a0blur\n", ":2:8:"),
        ("background:\u3000\n  type: blur\n", ":1:12:"),
        ("\u00a0camera: {}\n", ":1:1:"),
    ],
)
def test_a_no_break_space_is_found_where_it_stands(text: str, place: str) -> None:
    said = refusal(text)
    assert place in said
    assert "type an ordinary blank" in said


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("beach #2.jpg", "put the path in quotes: 'beach #2.jpg'"),
        ("file:///home/me/my%20beach.jpg", "write the path alone: /home/me/my beach.jpg"),
        ("https://example.org/a.jpg", "save the file and write its path"),
        (r'"C:\Users\me\beach.jpg"', "put the text in single quotes"),
        (r'"C:\temp\new.jpg"', "put the path in single quotes"),
        (r'"C:\beach.jpg"', "put the text in single quotes"),
        ("$VCAM_IS_NOT_SET/a.jpg", "$VCAM_IS_NOT_SET is not set"),
        ("~no-such-user/a.png", "the home folder in ~no-such-user/a.png is not known"),
        ("\u201cbeach.jpg\u201d", "in typographic quotes: use ' or \""),
        ("12", "a file path is wanted; put it in quotes"),
    ],
)
def test_a_path_is_refused_with_its_real_fault(tmp_path: Path, written: str, cure: str) -> None:
    text = f"background:\n  type: image\n  path: {written}\n"
    said = refusal(text, tmp_path / "vcam.yaml")
    assert ":3:" in said
    assert cure in said


def test_a_comment_behind_a_path_stays_a_comment(tmp_path: Path) -> None:
    (tmp_path / "beach").touch()
    for line in ("beach #2.jpg", "sea.jpg # 2.jpg is nicer", "sea.jpg  # by Ann", "'sea' #2.jpg"):
        parse_config(f"background: \n  type: image\n  path: {line}\n", tmp_path / "vcam.yaml")


def test_a_name_with_a_dollar_of_its_own_is_a_name(tmp_path: Path) -> None:
    for name in ("for $5.jpg", "a$list.jpg", "$.jpg"):
        (tmp_path / name).touch()
        text = f"background: {{type: image, path: '{name}'}}\n"
        config = parse_config(text, tmp_path / "vcam.yaml")
        assert config.background.path == tmp_path / name


@pytest.mark.parametrize(
    ("text", "homes"),
    [
        ("type: blur\n", 'below "background:", indented'),
        ("type: pipewire\n", 'below "output:", indented'),
        ("mog2: {}\n", 'below "segmentation:", indented'),
        ("camera: {zoom: 2}\n", 'below "framing:", indented'),
        ("mirror: true\n", 'below "camera:", indented'),
        ("background.type: blur\n", 'below "background:", indented'),
        ("segmentation: {model: general}\n", 'below "segmentation.mediapipe:", indented'),
    ],
)
def test_a_key_in_the_wrong_section_is_sent_to_the_right_one(text: str, homes: str) -> None:
    assert homes in refusal(text)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("camera: {fps: 5}\n".encode("utf-16-le"), "in UTF-16; save it as UTF-8"),
        ("camera: {fps: 5}\n".encode("utf-16"), "in UTF-16; save it as UTF-8"),
        (
            b"background:\n  path: Stra\xdfe.jpg\n",
            ":2:13: this is not a text file in UTF-8 (the byte",
        ),
        (b"background:\n  path: Stra\xdfe.jpg\n", '0xdf, "\xdf" in Latin-1); save it as UTF-8'),
        (b"\x89PNG\r\n\0\0\xff", "not a text file in UTF-8; name the YAML file"),
    ],
)
def test_a_file_in_another_encoding_is_told_from_others(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigFileError) as caught:
        load_config(path)
    assert message in str(caught.value)


def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    make_pipe(pipe)
    writer = threading.Thread(target=_feed, args=(pipe,), daemon=True)
    writer.start()
    with pytest.raises(ConfigFileError, match="this is a pipe, not a file"):
        load_config(pipe)
    _drain(pipe)
    writer.join(5)
    with pytest.raises(ConfigFileError, match="this is a device or a socket, not a file"):
        load_config(Path("/dev/zero"))


def _feed(pipe: Path) -> None:
    with pipe.open("w") as stream:
        stream.write("camera: {}\n")


def _drain(pipe: Path) -> None:
    with pipe.open() as stream:
        stream.read()
