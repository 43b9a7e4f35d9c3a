from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.places import own_places


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The runtime folder; no test meets a vcam that really runs."""
    with own_places(monkeypatch) as folder:
        yield folder
