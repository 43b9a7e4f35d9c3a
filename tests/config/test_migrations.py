"""Older files are understood, told of once, and rewritten with their comments."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from click.testing import CliRunner

from vcam.cli import cli
from vcam.config import ConfigFileError, load_config, migrations, parse_config
from vcam.config.edit import set_values
from vcam.config.load import _tell_once
from vcam.config.migrations import Moved, current_version
from vcam.config.rewrite import migrate
from vcam.config.tree import load_plain
from vcam.errors import ConfigError

EXAMPLE = (
    (Moved("background.colour", "background.color"), Moved("matte.erode", "matte.choke")),
    (
        Moved("camera.zoom", "framing.zoom"),
        Moved("background.kind", "background.type", {"colour": "color"}),
    ),
)
OLD = """\
# My camera.
camera:
  zoom: 2   # closer

background:
  kind: colour  # plain
  # The company's.
  colour: "#004721"   # green
matte: {erode: 3}
"""


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of changes as there may be one day."""
    monkeypatch.setattr(migrations, "MIGRATIONS", EXAMPLE)
    _tell_once.cache_clear()


def file_of(folder: Path, text: str = OLD) -> Path:
    path = folder / "vcam.yaml"
    path.write_text(text)
    return path


def test_the_table_leads_to_keys_that_there_are() -> None:
    from vcam.config.fields import all_fields

    known = {".".join(path) for path, _ in all_fields()}
    for step in migrations.MIGRATIONS:
        assert {change.new for change in step} <= known


@pytest.mark.usefixtures("example")
def test_an_older_file_is_understood_and_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = file_of(tmp_path)
    with caplog.at_level(logging.WARNING):
        config, again = load_config(path), load_config(path)
    assert config == again
    assert (config.framing.zoom, config.matte.choke) == (2, 3)
    assert (config.background.type, config.background.color) == ("color", (0, 71, 33))
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 4
    assert f"{path}: camera.zoom is framing.zoom now; `vcam config migrate`" in "\n".join(told)


@pytest.mark.usefixtures("example")
def test_migrate_rewrites_the_file_with_its_comments(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    before = load_config(path)
    result = CliRunner().invoke(cli, ["config", "migrate", str(path)])
    assert result.exit_code == 0, result.output
    assert "camera.zoom is framing.zoom now" in result.output
    text = path.read_text()
    for comment in ("# My camera.", "# closer", "# plain", "  # The company's.", "# green"):
        assert comment in text
    assert '  color: "#004721"   # green' in text
    for old in ("kind", "colour", "erode"):
        assert f"{old}:" not in text
    assert load_config(path).model_copy(update={"version": before.version}) == before
    assert (tmp_path / "vcam.yaml.old").read_text() == OLD
    assert f"version: {current_version()}" in text
    assert migrate(path) == []
    assert path.read_text() == text


@pytest.mark.usefixtures("example")
def test_a_key_that_stands_in_both_places_counts_in_the_new_one(tmp_path: Path) -> None:
    path = file_of(tmp_path, "background:\n  colour: red\n  color: navy\n")
    assert load_config(path).background.color == (0, 0, 128)
    migrate(path)
    assert load_config(path).background.color == (0, 0, 128)


@pytest.mark.usefixtures("example")
def test_only_what_is_older_is_changed(tmp_path: Path) -> None:
    path = file_of(tmp_path, "version: 2\ncamera: {zoom: 3}\n")
    assert load_config(path).framing.zoom == 3
    with pytest.raises(ConfigFileError, match=r'matte\.erode: unknown key; it is "matte\.ch'):
        parse_config("version: 2\nmatte: {erode: 1}\n", path)


@pytest.mark.usefixtures("example")
def test_a_file_in_an_odd_style_is_left_to_its_owner(tmp_path: Path) -> None:
    text = "camera:\n  zoom: &mine 2\nframing:\n  max_zoom: *mine\n"
    path = file_of(tmp_path, text)
    with pytest.raises(ConfigError, match="move it by hand"):
        migrate(path)
    assert path.read_text() == text


@pytest.mark.usefixtures("example")
def test_a_key_in_braces_is_moved_with_its_comma(tmp_path: Path) -> None:
    path = file_of(tmp_path, "camera: {zoom: 2, fps: 25}\n")
    migrate(path)
    assert path.read_text() == "camera: {fps: 25}\n\nframing:\n  zoom: 2\n\nversion: 3\n"


@pytest.mark.usefixtures("example")
def test_the_keys_of_a_scene_are_moved_within_it(tmp_path: Path) -> None:
    path = file_of(tmp_path, "scenes:\n  call:\n    camera:\n      zoom: 2\nscene: call\n")
    assert load_config(path).framing.zoom == 2
    assert [change.new for change in migrate(path)] == ["scenes.call.framing.zoom"]
    assert load_plain(path.read_text())["scenes"]["call"]["framing"] == {"zoom": 2}


@pytest.mark.usefixtures("example")
def test_an_older_file_can_be_set(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    assert set_values(path, {"camera.fps": 25}).framing.zoom == 2


def test_a_file_of_this_version_is_up_to_date(tmp_path: Path) -> None:
    text = f"version: {current_version()}\ncamera: {{fps: 25}}\n"
    path = file_of(tmp_path, text)
    result = CliRunner().invoke(cli, ["config", "migrate", str(path)])
    assert result.output == f"{path}: up to date\n"
    assert path.read_text() == text


def test_frames_of_mog2_become_seconds(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = """\
segmentation:
  backend: mog2
  mog2:
    history: 250       # shorter
    learn_frames: 45   # at 30 fps
"""
    path = file_of(tmp_path, text)
    _tell_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        before = load_config(path).segmentation.mog2
    assert (before.history_seconds, before.learn_seconds) == (8.33, 1.5)
    assert "segmentation.mog2.learn_frames is segmentation.mog2.learn_seconds now" in caplog.text
    assert len(migrate(path)) == 2
    assert load_config(path).segmentation.mog2 == before
    assert "history_seconds: 8.33       # shorter" in path.read_text()
    assert "learn_seconds: 1.5   # at 30 fps" in path.read_text()


@pytest.mark.parametrize(("frames", "seconds"), [(1, 0.03), (30, 1), (3000, 100), (7.0, 0.23)])
def test_every_number_of_frames_that_was_allowed_still_is(frames: float, seconds: float) -> None:
    text = f"segmentation: {{mog2: {{learn_frames: {frames}}}}}\n"
    assert parse_config(text, Path("vcam.yaml")).segmentation.mog2.learn_seconds == seconds


@pytest.mark.parametrize("wrong", ["-3", "0", "x", "true", "[]", "9999"])
def test_frames_that_were_none_are_refused_by_line(wrong: str) -> None:
    text = f"segmentation:\n  mog2:\n    learn_frames: {wrong}\n"
    place = r"vcam\.yaml:3:\d+: segmentation\.mog2\.learn_frames \(learn_seconds now\): found"
    with pytest.raises(ConfigFileError, match=place):
        parse_config(text, Path("vcam.yaml"))


@pytest.mark.parametrize("version", ["99", "0", "x", "true", "1.5"])
def test_a_version_that_there_is_not_is_refused(version: str) -> None:
    with pytest.raises(ConfigFileError, match=r":2:1: version: found"):
        parse_config(f"camera: {{}}\nversion: {version}\n", Path("/home/ann/vcam.yaml"))
