from __future__ import annotations

from pathlib import Path

import pytest

from vcam.config import Config, parse_config
from vcam.config.jsonschema import schema_text
from vcam.config.presets import preset_names, preset_text, presets_folder
from vcam.errors import ConfigError


@pytest.mark.parametrize("name", preset_names())
def test_preset_is_valid(name: str) -> None:
    parse_config(preset_text(name), Path(f"{name}.yaml"))


def test_default_preset_says_what_the_defaults_are() -> None:
    assert parse_config(preset_text("default"), Path("default.yaml")) == Config()


def test_default_preset_shows_every_key() -> None:
    text = preset_text("default")
    for section, field in Config.model_fields.items():
        assert f"{section}:" in text
        for key in getattr(field.annotation, "model_fields", ()):
            assert f"{key}:" in text, f"{section}.{key}"


def test_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="green-screen"):
        preset_text("beach")


def test_committed_json_schema_is_fresh() -> None:
    committed = (presets_folder() / "vcam.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `python -m vcam.config.jsonschema`"


def test_every_key_is_described() -> None:
    def walk(model: type, path: str) -> None:
        for name, field in model.model_fields.items():  # type: ignore[attr-defined]
            inner = field.annotation
            if isinstance(inner, type) and hasattr(inner, "model_fields"):
                walk(inner, f"{path}.{name}")
            else:
                assert field.description, f"{path}.{name}"

    walk(Config, "config")
