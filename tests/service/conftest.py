from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.places import own_places
from tests.service.running_session import START, Running


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The runtime folder; no test meets a vcam that really runs."""
    with own_places(monkeypatch) as folder:
        yield folder


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "run"))
    path = tmp_path / "vcam.yaml"
    path.write_text(START)
    running = Running(path).start()
    yield running
    running.stop()
