from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.processes import CONFIG
from tests.service.places import own_places


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The runtime folder; no test meets a vcam that really runs."""
    with own_places(monkeypatch) as folder:
        yield folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A YAML file for the built-in scene before dark red."""
    path = tmp_path / "vcam.yaml"
    path.write_text(CONFIG)
    return path
