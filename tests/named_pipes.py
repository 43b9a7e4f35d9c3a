"""Pipes among files, where the system has them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest


def make_pipe(path: Path) -> None:
    """A pipe without a reader or writer; skips the test on Windows, which has none."""
    if sys.platform == "win32":
        pytest.skip("Windows has no pipes among files")
    os.mkfifo(path)
