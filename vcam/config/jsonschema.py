"""The JSON Schema by which editors complete and check the YAML."""

from __future__ import annotations

import json
from typing import Any

from vcam.config.schema import Config

SCHEMA_NAME = "vcam.schema.json"
"""Of the file beside the YAML, which the YAML's first line names."""


def schema() -> dict[str, Any]:
    """The schema of the whole configuration."""
    made = Config.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vcam configuration",
        **{key: value for key, value in made.items() if key != "title"},
    }


def schema_text() -> str:
    """The same as text, as committed in configs/."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from vcam.config.presets import presets_folder

    (presets_folder() / SCHEMA_NAME).write_text(schema_text(), encoding="utf-8")
