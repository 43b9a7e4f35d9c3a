"""What the fake machines have in common with no real one."""

from __future__ import annotations

import pytest

from vcam.segmenters import models


@pytest.fixture(autouse=True)
def _fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models are there."""
    monkeypatch.setattr(models, "check", lambda model: None)
