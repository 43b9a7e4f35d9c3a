from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from vcam import native
from vcam.realtime import capture

collect_ignore = ["devices"] if sys.platform == "win32" else []
"""What cannot even be imported: device nodes are Linux's."""


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
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that was lost is opened again at once."""
    monkeypatch.setattr(capture, "RETRY_SECONDS", 0.01)


def needs_native() -> None:
    if native.library() is None:
        pytest.skip("vcam was installed without a C compiler")
