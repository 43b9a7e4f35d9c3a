from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vcam.config import ConfigFileError, parse_config
from vcam.config.schema.background import BackgroundConfig

YAML = Path("/home/ann/vcam.yaml")


def _background(text: str) -> BackgroundConfig:
    return parse_config(f"background: {{{text}}}\n", YAML).background


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("type: video", "background.type video needs background.path, the video file"),
        ("type: slideshow", "background.type slideshow needs background.path"),
        (
            "type: slideshow, path: a, interval: 2, fade: 3",
            "background.fade (3 s) must not be longer than background.interval (2 s)",
        ),
        ("fit: fill", "background.fit"),
        ("focus: {x: 1.5}", "background.focus.x"),
        ("focus: {z: 0}", "background.focus.z"),
        ("brightness: 0", "background.brightness"),
        ("brightness: 3", "background.brightness"),
        ("blur: 2", "background.blur"),
        ("style: lens", "background.style"),
        ("order: size", "background.order"),
        ("interval: 0", "background.interval"),
        ("fade: -1", "background.fade"),
        ("paths: beach.jpg", "background.paths"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(text: str, message: str) -> None:
    with pytest.raises(ConfigFileError) as caught:
        _background(text)
    assert message in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="paths of Linux, without a drive")
def test_a_list_of_files_needs_no_folder_and_starts_at_the_yaml_file() -> None:
    found = _background("type: slideshow, paths: [a.jpg, /pictures/b.jpg]")
    assert found.paths == [Path("/home/ann/a.jpg"), Path("/pictures/b.jpg")]


def test_a_fade_may_be_as_long_as_the_interval_and_matters_to_slideshows_alone() -> None:
    assert _background("type: slideshow, path: a, interval: 2, fade: 2").fade == 2
    assert _background("type: color, interval: 2, fade: 3").fade == 3


def test_one_coordinate_of_the_focus_is_enough() -> None:
    focus = _background("focus: {y: 0.2}").focus
    assert (focus.x, focus.y) == (0.5, 0.2)
