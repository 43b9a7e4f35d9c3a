"""The JSON Schema by which editors complete and check the YAML."""

from __future__ import annotations

import json

from vcam.config.schema import Config

SCHEMA_NAME = "vcam.schema.json"
"""Of the file beside the YAML, which the YAML's first line names."""


def schema_text() -> str:
    """The schema of the whole configuration, as committed in configs/."""
    schema = Config.model_json_schema(mode="validation")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vcam configuration",
        **{key: value for key, value in schema.items() if key != "title"},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from vcam.config.presets import presets_folder

    (presets_folder() / SCHEMA_NAME).write_text(schema_text(), encoding="utf-8")
