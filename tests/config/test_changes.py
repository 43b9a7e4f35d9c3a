"""What a key changes is said at the key, for every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.configurations import configurations
from vcam.config.changes import compare, has_effect, needs_restart, read_again, without_effect
from vcam.config.fields import all_fields, conditions_of, stages_of, value_at
from vcam.config.load import parse_config
from vcam.config.schema import Config
from vcam.config.schema.stages import Stage
from vcam.pipeline.build import _STAGES

PATH = Path("/home/ann/vcam.yaml")
_OTHERS = (Stage.SOURCE, Stage.CONTROLS, Stage.OUTPUT)
MUCH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


OF_THE_FILE = [("version",), ("scenes",), ("scene",)]
"""What they say counts elsewhere: in the keys that they set."""


@pytest.mark.parametrize("path", [path for path, _ in all_fields()], ids=".".join)
def test_every_key_says_what_it_changes(path: tuple[str, ...]) -> None:
    assert stages_of(path) or path in OF_THE_FILE, "give its section or the key itself its stages"
    assert stages_of(path) <= {*_STAGES, *_OTHERS}, "nobody acts on that stage"
    for key, values in conditions_of(path):
        assert parse_config(written(key, values[0]), PATH), "no such value of the other key"


def written(path: tuple[str, ...], value: Any) -> str:
    """YAML that sets the key, and what that value needs beside it."""
    beside = [key for key in ("path", "text") if key in _names(path[:-1])]
    values = ", ".join([f"{path[-1]}: {value}", *(f"{key}: a.png" for key in beside)])
    return "".join(f"{{{part}: " for part in path[:-1]) + f"{{{values}}}" + "}" * len(path[:-1])


def _names(section: tuple[str, ...]) -> set[str]:
    return {path[-1] for path, _ in all_fields() if path[:-1] == section}


@MUCH
@given(st.data())
def test_compare_finds_what_differs_and_nothing_else(data: st.DataObject) -> None:
    one, other = (data.draw(configurations(Path("/home/ann"))) for _ in range(2))
    assert compare(one, one).keys == ()
    changes = compare(one, other)
    for path, _ in all_fields():
        differs = value_at(one, path) != value_at(other, path)
        counts = has_effect(path, one) or has_effect(path, other)
        assert (".".join(path) in changes.keys) == (differs and counts)
    assert set(changes.needs_restart) == {key for key in changes.keys if needs_restart(key)}


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("camera: {mirror: true}", {Stage.FRAMING, Stage.SEGMENTER}),
        ("camera: {rotate: 90}", {Stage.FRAMING, Stage.SEGMENTER}),
        ("camera: {fps: 15}", {Stage.SOURCE}),
        ("camera: {controls: {focus: 1}}", {Stage.CONTROLS}),
        ("matte: {quality: best}", {Stage.MATTE, Stage.SEGMENTER}),
        ("matte: {choke: 1}", {Stage.MATTE}),
        ("framing: {focus: {x: 0.1}}", {Stage.FRAMING}),
        ("background: {type: color}", {Stage.BACKGROUND, Stage.FINISH, Stage.FRONT}),
        ("background: {strength: 0.1}", set()),
        ("finish: {overlay: {size: 0.5}}", {Stage.FRONT}),
        ("output: {placeholder: {type: card, text: a}}", {Stage.FRONT}),
        ("output: {fps: 15}", {Stage.OUTPUT}),
        ("output: {path: a.mp4}", set()),
    ],
)
def test_a_key_changes_its_own_stages_alone(text: str, stages: set[Stage]) -> None:
    assert compare(Config(), parse_config(text, PATH)).stages == stages


def test_only_the_output_waits_for_a_restart() -> None:
    waiting = {".".join(path) for path, _ in all_fields() if needs_restart(".".join(path))}
    assert waiting == {
        f"output.{key}" for key in ("type", "device", "path", "width", "height", "fps", "on_demand")
    }


def test_the_files_that_are_in_use_are_watched() -> None:
    def named(text: str) -> list[str]:
        return [path.name for path in read_again(parse_config(text, PATH))]

    assert named("background: {type: image, path: a.png}") == ["a.png"]
    assert named("background: {path: a.png}") == []
    assert named("finish: {overlay: {path: b.png}}") == ["b.png"]
    assert named("output: {placeholder: {type: card, path: c.png}}") == ["c.png"]
    assert named("output: {placeholder: {path: c.png}}") == []
    assert named("camera: {type: video, path: d.mp4}") == []


def test_a_key_without_effect_is_named_with_the_cure() -> None:
    assert without_effect(Config()) == []
    config = parse_config("background: {type: blur, path: a.png, fit: cover}", PATH)
    assert without_effect(config) == [
        "background.path has no effect with background.type blur: "
        "`vcam set background.type=image` or `vcam set background.type=video` or "
        "`vcam set background.type=slideshow` makes use of it"
    ]
    config = parse_config("segmentation: {mog2: {cleanup: {open: 2}}}", PATH)
    assert "segmentation.backend=mog2" in without_effect(config)[0]


def test_an_entry_of_a_map_changes_what_its_map_does() -> None:
    assert stages_of(("camera", "controls", "focus")) == {Stage.CONTROLS}
    assert conditions_of(("camera", "controls", "focus")) == [(("camera", "type"), ["device"])]
