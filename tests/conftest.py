from __future__ import annotations

from collections.abc import Iterator

import pytest

from vcam import native


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


def needs_native() -> None:
    if native.library() is None:
        pytest.skip("vcam was installed without a C compiler")
