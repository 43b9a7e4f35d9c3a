"""What the Windows tests share: places of their own, and an end to what they start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.windows.user import User

collect_ignore_glob = [] if sys.platform == "win32" else ["test_*.py"]


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    """Somebody whose folders have blanks and umlauts in their names."""
    found = User(tmp_path / "Jörg Müller")
    yield found
    if found.config.exists():
        found.here("stop")
