"""Marks for tests of what not every system can do, found by trying."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest


def _modes_hold() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "private")
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        return path.stat().st_mode & 0o777 == 0o600


def _open_files_can_be_deleted() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "open")
        with path.open("w"):
            try:
                path.unlink()
            except PermissionError:
                return False
        return True


def _links_hold() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder, "link")
        try:
            link.symlink_to(Path(folder, "target"))
        except OSError:
            return False
        return link.is_symlink()


needs_links = pytest.mark.skipif(not _links_hold(), reason="nobody may make links here")
needs_modes = pytest.mark.skipif(
    not _modes_hold(), reason="files have no modes here: the profile's folder keeps others out"
)
needs_deleting_open_files = pytest.mark.skipif(
    not _open_files_can_be_deleted(), reason="nobody can delete an open file here"
)
