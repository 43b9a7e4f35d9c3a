"""What the fake machines have in common with no real one."""

from __future__ import annotations

import pytest

from vcam import invocation
from vcam.segmenters import models


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models are there, and vcam is called by its name."""
    monkeypatch.setattr(models, "check", lambda model: None)
    monkeypatch.setenv(invocation.ENVIRONMENT, "vcam")
