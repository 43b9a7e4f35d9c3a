from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own YAML is looked for; it is not there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    return tmp_path / "etc" / "vcam" / "vcam.yaml"
