"""Folders of a test's own for everything a service keeps on disk."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def own_places(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Gives the runtime folder; its name is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="vcam") as name:
        folder = Path(name)
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(variable, str(folder / variable))
        monkeypatch.setenv("VCAM_RUNTIME_DIR", str(folder / "run"))
        yield folder / "run"
