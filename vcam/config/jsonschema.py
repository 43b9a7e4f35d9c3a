"""The JSON Schema with which editors complete and check the YAML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vcam.config.presets import presets_folder

SCHEMA_NAME = "vcam.schema.json"
"""Name of the schema file beside the YAML, referenced by the YAML's first line."""


def schema() -> dict[str, Any]:
    """The schema of the whole configuration."""
    from vcam.config.schema import Config
    from vcam.config.schema.scenes import SCENES

    made = Config.model_json_schema(mode="validation")
    made["properties"][SCENES]["additionalProperties"] = {"$ref": "#"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vcam configuration",
        **{key: value for key, value in made.items() if key != "title"},
    }


def schema_text() -> str:
    """The same as text, as committed in configs/."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def shipped_schema() -> dict[str, Any]:
    """The same, from the file shipped with vcam: quicker, without building the models."""
    found: dict[str, Any] = json.loads(_shipped().read_text(encoding="utf-8"))
    return found


def _shipped() -> Path:
    return presets_folder() / SCHEMA_NAME


if __name__ == "__main__":
    _shipped().write_text(schema_text(), encoding="utf-8")
