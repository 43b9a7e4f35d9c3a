from __future__ import annotations

import difflib
import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vcam.config import load_config
from vcam.config.document import assign
from vcam.config.edit import set_values, shown_values
from vcam.config.presets import preset_text
from vcam.config.tree import load_plain
from vcam.config.values import parse_value, render_value
from vcam.errors import ConfigError
from vcam.system.user import is_root


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vcam.yaml"
    path.write_text(preset_text("default"), encoding="utf-8")
    return path


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(True), after.splitlines(True))
    return [line for line in lines if line[0] in "+-"]


def test_one_value_changes_one_line_of_the_default_preset(file: Path) -> None:
    before = file.read_text()
    assert set_values(file, {"background.type": "blur"}).background.type == "blur"
    old, new = changed_lines(before, file.read_text())
    assert old.startswith("-   type: gradient ")
    assert new.startswith("+   type: blur ")
    assert old.index("#") == new.index("#"), "the comment keeps its column"


@pytest.mark.parametrize(
    ("before", "key", "value", "after"),
    [
        ("a: 1  # c\n", "a", 2, "a: 2  # c\n"),
        ("a: '1'\n", "a", "x", "a: 'x'\n"),
        ('a: "1" # c\n', "a", "#0f0", 'a: "#0f0" # c\n'),
        ("a: x\r\nb: y\r\n", "a", 1, "a: 1\r\nb: y\r\n"),
        ("a: x", "a", "y", "a: y"),
        ("a:\n", "a", 1, "a: 1\n"),
        ("a:   # c\nb: 1\n", "a", 1, "a: 1 # c\nb: 1\n"),
        ("a:\n    b: 1\n", "a.c", 2, "a:\n    b: 1\n    c: 2\n"),
        ("a:\n    b: 1\nz: 1", "k.c", 2, "a:\n    b: 1\nz: 1\n\nk:\n    c: 2\n"),
        ("a:\n  # b: 1\nz: 1\n", "a.c", 2, "a:\n  c: 2\n  # b: 1\nz: 1\n"),
        ("a: {b: 1}\n", "a.c", 2, "a: {b: 1, c: 2}\n"),
        ("a: { }\n", "a.c.d", 2, "a: { c: {d: 2}}\n"),
        ("# c\n", "a.b", 1, "# c\n\na:\n  b: 1\n"),
        ("", "a.b", 1, "a:\n  b: 1\n"),
        ("a: 1\n...\n", "b", 1, "a: 1\n\nb: 1\n...\n"),
        ("a:   # c\n  - 1  # d\n\n# e\nb: 1\n", "a", [2], "a: [2] # c\n\n# e\nb: 1\n"),
        ("a: x\n  y # c\nb: 1\n", "a", "z", "a: z # c\nb: 1\n"),
        ("a: |\n  x\n  y\nb: 1\n", "a", "z", "a: z\nb: 1\n"),
    ],
)
def test_edit_touches_nothing_else(before: str, key: str, value: Any, after: str) -> None:
    assert assign(before, key.split("."), value) == after


COMMENTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["x", '"x"', "'x'", "1.50", "[1,  2]", "{k:  v }"]), COMMENTS),
    min_size=1,
    max_size=5,
)
VALUES = st.one_of(st.text(max_size=12), st.integers(), st.booleans(), st.lists(st.text()))


@settings(max_examples=60, deadline=None)
@given(
    sections=st.lists(PAIRS, min_size=1, max_size=3),
    indent=st.integers(1, 5),
    newline=st.sampled_from(["\n", "\r\n"]),
    value=VALUES,
    data=st.data(),
)
def test_other_lines_survive_byte_for_byte(
    sections: list[list[tuple[str, str]]], indent: int, newline: str, value: Any, data: Any
) -> None:
    lines, places = [], {}
    for number, pairs in enumerate(sections):
        lines += ["", f"#  {number}", f"s{number}:   # section"]
        for key, (text, comment) in enumerate(pairs):
            places[(f"s{number}", f"k{key}")] = len(lines)
            lines += [f"{' ' * indent}k{key}:  {text}   # {comment}", f"   #{comment}"]
    before = newline.join(lines) + newline
    keys = data.draw(st.sampled_from(sorted(places)))
    after = assign(before, keys, value).split(newline)
    place = places[keys]
    assert after[:place] == lines[:place]
    assert after[place + 1 :] == [*lines[place + 1 :], ""]
    assert after[place].endswith("#" + lines[place].partition("   #")[2])
    assert load_plain(newline.join(after))[keys[0]][keys[1]] == value


@settings(max_examples=100, deadline=None)
@given(st.recursive(VALUES, lambda inner: st.dictionaries(st.text(), inner), max_leaves=5))
@example("?0")
@example({"?0": ""})
@example({":0": ""})
def test_rendered_value_reads_as_itself(value: Any) -> None:
    text = render_value(value)
    assert "\n" not in text
    assert load_plain(f"{{a: {text}, b: 1}}") == {"a": value, "b": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#00ff00", "#00ff00"),
        ("a #1.jpg", "a #1.jpg"),
        ("'a #1.jpg'", "a #1.jpg"),
        ("2", 2),
        ("0.5", 0.5),
        ("true", True),
        ("", None),
        ("Webcam: HD", "Webcam: HD"),
        ("*.jpg", "*.jpg"),
        ("2024-01-01", "2024-01-01"),
        ("[{color: #f00, at: 0}]", [{"color": "#f00", "at": 0}]),
        ("[{color: '#f00', at: 0}]", [{"color": "#f00", "at": 0}]),
        ("[a", "[a"),
    ],
)
def test_typed_values_mean_what_they_look_like(text: str, value: Any) -> None:
    assert parse_value(text) == value


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("background.colour", "red", 'background.colour: unknown key; did you mean "color"?'),
        ("backgruond.type", "blur", 'backgruond: unknown key; did you mean "background"?'),
        ("camera.fps", 0, "camera.fps: found 0; it must be greater than"),
        ("camera.fps.x", 1, "camera.fps: found keys with values; a number is wanted"),
        ("background.type", "image", "background.type image needs background.path"),
        ("background", "blur", "background is a section: set a key of it: background.type"),
    ],
)
def test_refused_value_is_named_without_a_line_and_nothing_is_written(
    file: Path, key: str, value: Any, message: str
) -> None:
    before = file.read_bytes()
    with pytest.raises(ConfigError) as caught:
        set_values(file, {"camera.mirror": True, key: value})
    assert str(caught.value).startswith(message)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_older_fault_of_the_file_is_told_with_its_line(file: Path) -> None:
    file.write_text("camera:\n  widht: 1\n")
    with pytest.raises(ConfigError, match=r":2:3: camera\.widht.*mend the file first"):
        set_values(file, {"background.type": "blur"})
    file.write_text("camera: {fps: [\n")
    with pytest.raises(ConfigError, match="not valid YAML"):
        set_values(file, {"background.type": "blur"})


def test_fault_of_the_file_can_be_mended(file: Path) -> None:
    file.write_text("camera:\n  fps: 0\n")
    set_values(file, {"camera.fps": 25})
    assert file.read_text() == "camera:\n  fps: 25\n"


def test_anchors_are_left_to_people(file: Path) -> None:
    file.write_text("camera: {fps: &rate 30}\noutput: {fps: *rate}\n")
    for key in ("camera.fps", "output.fps"):
        with pytest.raises(ConfigError, match="by hand"):
            set_values(file, {key: 25})


def test_byte_order_mark_and_line_ends_stay(file: Path) -> None:
    file.write_bytes("\ufeffcamera:\r\n  fps: 30\r\n".encode())
    set_values(file, {"camera.fps": 25, "camera.mirror": True})
    assert file.read_bytes() == "\ufeffcamera:\r\n  fps: 25\r\n  mirror: true\r\n".encode()


def test_missing_file_is_made_from_the_default_preset(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "vcam.yaml"
    set_values(path, {"background.type": "blur"})
    assert len(changed_lines(preset_text("default"), path.read_text())) == 2
    assert (path.parent / "vcam.schema.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of Linux")
def test_link_permissions_and_time_are_right_after_the_edit(tmp_path: Path, file: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    file.chmod(0o640)
    os.utime(file, (1, 1))
    set_values(link, {"camera.fps": 25})
    assert link.is_symlink()
    assert load_config(file).camera.fps == 25
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.stat().st_mtime > 1000


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "the disk is full: make room"),
        (errno.EROFS, "read-only file system"),
        (errno.EACCES, "is write-protected: `(chmod u\\+w|attrib -R)"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_failed_writing_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    before = file.read_bytes()
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ConfigError, match=message):
        set_values(file, {"camera.fps": 25})
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.skipif(is_root() or sys.platform == "win32", reason="root may write everything")
def test_write_protected_file_and_folder_are_named(file: Path) -> None:
    for locked, mode in ((file, 0o400), (file.parent, 0o500)):
        locked.chmod(mode)
        with pytest.raises(ConfigError, match=f"{locked} is write-protected"):
            set_values(file, {"camera.fps": 25})
        locked.chmod(0o700)


def test_shown_values_fall_back_on_the_defaults(file: Path) -> None:
    file.write_text("camera: {fps: 25}\n")
    shown = shown_values(file, ["camera.fps", "background.type", "background.path"])
    assert shown == {
        "camera.fps": "25",
        "background.type": "gradient",
        "background.path": "nothing",
    }
