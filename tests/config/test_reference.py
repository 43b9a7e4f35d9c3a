from __future__ import annotations

from pathlib import Path

from vcam.config.jsonschema import schema
from vcam.config.keys import all_keys
from vcam.config.reference import reference_text
from vcam.config.schema import Config
from vcam.config.schema.value_types import Section
from vcam.config.values import parse_value

DOCS = Path(__file__).parents[2] / "docs"


def names(model: type[Section], prefix: str = "") -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            found += names(inner, f"{prefix}{name}.")
        else:
            found.append(prefix + name)
    return found


def test_the_committed_reference_is_up_to_date() -> None:
    committed = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert committed == reference_text(), "run `python -m vcam.config.reference`"


def test_every_key_is_there_with_a_description() -> None:
    keys = all_keys(schema())
    assert sorted(key.name for key in keys) == sorted(names(Config))
    assert all(key.about for key in keys)


def test_defaults_are_written_as_in_the_yaml() -> None:
    known = {key.name: key for key in all_keys(schema())}
    assert parse_value(known["background.color"].default) == "#00b140"
    assert parse_value(known["camera.fps"].default) == 30
    assert known["camera.mirror"].choices == ("true", "false")
    assert known["camera.mirror"].default == "false"


def test_choices_of_two_kinds_are_one_list() -> None:
    known = {key.name: key for key in all_keys(schema())}["segmentation.mediapipe.second_opinion"]
    assert known.kind == "never · sometimes · always · auto"
    assert known.choices == ("never", "sometimes", "always", "auto")


def test_bounds_are_told() -> None:
    known = {key.name: key.kind for key in all_keys(schema())}
    assert known["framing.zoom"] == "number, 1 to 4"
    assert known["matte.threshold"] == "number, above 0, below 1"
    assert known["camera.path"] == "file"
