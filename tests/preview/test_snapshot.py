from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.clips import flat
from vcam.errors import SinkError
from vcam.images.picture_files import read_picture
from vcam.preview.snapshot import save_snapshot


def test_snapshots_never_overwrite_each_other(tmp_path: Path) -> None:
    levels = (10, 90, 200)
    files = [save_snapshot(flat(level), tmp_path) for level in levels]
    assert len(set(files)) == 3
    for file, level in zip(files, levels, strict=True):
        assert np.array_equal(read_picture(file), flat(level))
        assert file.suffix == ".png"
        if os.name == "posix":
            assert file.stat().st_mode & 0o077 == 0


def test_snapshots_go_to_the_users_pictures_or_else_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "My Pictures"
    monkeypatch.setenv("XDG_PICTURES_DIR", str(pictures))
    monkeypatch.chdir(tmp_path)
    assert save_snapshot(flat(9)).parent == tmp_path
    pictures.mkdir()
    assert save_snapshot(flat(9)).parent == pictures


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="no such"):
        save_snapshot(flat(9), tmp_path / "no such")
