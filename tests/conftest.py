from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.time_limit import DEVICE_SECONDS, SECONDS, time_limit
from vcam import native
from vcam.realtime import capture, sender

collect_ignore = ["devices"] if sys.platform == "win32" else []
"""What cannot even be imported: device nodes are Linux's."""


@pytest.fixture(autouse=True)
def _hangs_no_longer(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test has its time."""
    is_long = any(request.node.get_closest_marker(name) for name in ("device", "install"))
    with time_limit(DEVICE_SECONDS if is_long else SECONDS):
        yield


@pytest.fixture(scope="module", params=["native", "portable"])
def both_halves(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything holds with the native half and without it."""
    if request.param == "native":
        needs_native()
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "library", lambda: None)
        yield


@pytest.fixture
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost source is opened again at once; no frame is too old, however busy the machine is."""
    monkeypatch.setattr(capture, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(sender, "STALE_SECONDS", 60.0)


def needs_native() -> None:
    if native.library() is None:
        pytest.skip("vcam was installed without a C compiler")
