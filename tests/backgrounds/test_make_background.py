from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from PIL import Image as Pillow

from tests.backgrounds.films import level
from tests.backgrounds.pictures import assert_color, blank, nobody
from tests.clips import flat, write_clip
from vcam.backgrounds import make_background
from vcam.config.schema.background import BackgroundConfig

KINDS = [
    kind
    for kind in get_args(BackgroundConfig.model_fields["type"].annotation)
    if kind != "transparent"  # for files only
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Pillow.new("RGB", (640, 36), (100, 100, 100)).save(tmp_path / "a.png")
    write_clip(tmp_path / "a.avi", [flat(100), flat(100)])
    return tmp_path


def _config(kind: str, folder: Path) -> BackgroundConfig:
    paths = {"image": folder / "a.png", "video": folder / "a.avi", "slideshow": folder}
    return BackgroundConfig.model_validate({"type": kind, "path": paths.get(kind)})


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_can_be_made_and_painted(kind: str, folder: Path) -> None:
    background = make_background(_config(kind, folder), 64, 36)
    painted = background.paint(blank(64, 36), nobody(64, 36), 0.0)
    assert (painted.width, painted.height) == (64, 36)
    assert background.problem == ""
    assert (background.room_width > 0) == (kind == "blur")
    background.close()


@pytest.mark.parametrize("kind", KINDS)
def test_no_cover_shows_the_room_or_is_written_to(kind: str, folder: Path) -> None:
    background = make_background(_config(kind, folder), 64, 36)
    cover = background.cover(0.0)
    before = cover.data.copy()
    background.paint(blank(64, 36, (255, 0, 255)), nobody(64, 36), 0.0)
    background.paint(blank(64, 36, (255, 0, 255)), nobody(64, 36), 0.1)
    assert (cover.data == before).all()
    assert int(cover.v[9, 16]) < 160  # magenta has 222
    background.close()


@pytest.mark.parametrize("kind", ["image", "video", "slideshow"])
def test_files_are_toned_as_configured(kind: str, folder: Path) -> None:
    config = _config(kind, folder).model_copy(
        update={"brightness": 1.5, "fit": "contain", "color": (0, 0, 255)}
    )
    background = make_background(config, 64, 72)
    assert_color(background.cover(0.0), 32, 2, (0, 0, 255), within=3)
    assert int(background.cover(0.0).y[36, 32]) == pytest.approx(145, abs=3)
    background.close()


def test_the_focus_is_passed_on(tmp_path: Path) -> None:
    picture = Pillow.new("RGB", (640, 36), (0, 0, 0))
    picture.paste((200, 200, 200), (0, 0, 80, 36))
    picture.save(tmp_path / "a.png")
    config = BackgroundConfig.model_validate(
        {"type": "image", "path": tmp_path / "a.png", "focus": {"x": 0.0}}
    )
    assert level(make_background(config, 64, 36).cover(0.0)) == 200
