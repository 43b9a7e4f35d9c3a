"""docs/configuration.md, generated from the schema."""

from __future__ import annotations

from pathlib import Path

from vcam.config.changes import needs_restart
from vcam.config.jsonschema import schema
from vcam.config.keys import Key, SectionOfKeys, all_sections

_HEAD = """\
<!-- Written by `python -m vcam.config.reference` from vcam/config/schema; do not edit. -->
# Every key of the YAML file

What you leave out has its default. Every key can be changed while vcam runs: save the file, or
type `vcam set KEY=VALUE`. Only the keys that say so wait for `vcam restart`.
`vcam config check` says what is wrong, by line. Paths are relative to the YAML file; `~` and
`$VARIABLES` are expanded. Inner sections are written indented, or with dots in `vcam set`:

```yaml
background:
  type: image
  path: beach.jpg
  focus: {x: 0.5, y: 0.3}
```

[configs/default.yaml](../configs/default.yaml) is the same as a file to begin with
(`vcam config init`), and [configs/vcam.schema.json](../configs/vcam.schema.json) for editors.
"""

_WAITS = " Waits for `vcam restart`."


def reference_text() -> str:
    """The whole page as Markdown."""
    return "\n".join(
        [_HEAD, *(_section(section) for section in all_sections(schema()) if section.keys)]
    )


def _section(section: SectionOfKeys) -> str:
    mark = "#" * (2 + section.name.count("."))
    rows = [_row(key) for key in section.keys]
    lines = [f"{mark} {section.name or 'The whole file'}", "", section.about, ""]
    lines += ["| key | values | default | meaning |", "|---|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _row(key: Key) -> str:
    cells = [
        f"`{key.name.rpartition('.')[2]}`",
        key.kind,
        f"`{key.default}`" if key.default else "none",
        key.about + _WAITS * needs_restart(key.name),
    ]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    docs = Path(__file__).resolve().parents[2] / "docs"
    (docs / "configuration.md").write_text(reference_text(), encoding="utf-8")
