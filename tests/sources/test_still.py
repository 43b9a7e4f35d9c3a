from __future__ import annotations

from pathlib import Path

import pytest

from tests.clips import flat
from vcam.errors import SourceError
from vcam.images.picture_files import write_picture
from vcam.sources.still import StillSource


def test_picture_is_given_over_and_over(tmp_path: Path) -> None:
    write_picture(tmp_path / "me.png", flat(90))
    source = StillSource(tmp_path / "me.png", fps=5)
    for _ in range(3):
        image = source.read()
        assert image is not None
        assert (image == 90).all()
    assert source.fps == 5


def test_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "me.png").write_text("no picture")
    with pytest.raises(SourceError, match=r"me\.png"):
        StillSource(tmp_path / "me.png")
