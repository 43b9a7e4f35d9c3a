from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image as Pillow

from vcam.errors import PictureError
from vcam.images.kinds import known_kind
from vcam.images.picture_files import holds_picture, is_picture, read_picture

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
_KINDS = {
    "HEIC": (HEIC, "heif-convert"),
    "JPEG XL": (b"\xff\x0a\xfa\x1f" + bytes(200), "djxl"),
    "SVG": (b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="x"/>', "rsvg-convert"),
    "Photoshop": (b"8BPS\0\x01" + bytes(200), "magick"),
    "PDF": (b"%PDF-1.7\n" + bytes(200), "pdftoppm"),
}


@pytest.fixture
def _no_heif(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)


@pytest.mark.usefixtures("_no_heif")
@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("name", ["a.jpg", "a"])
def test_kinds_that_cannot_be_read_are_named_with_what_converts_them(
    tmp_path: Path, kind: str, name: str
) -> None:
    """Whatever the file's name."""
    content, command = _KINDS[kind]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PictureError) as caught:
        read_picture(path)
    assert f"is {kind}," in caught.value.problem
    assert command in caught.value.cure
    assert str(path) in caught.value.cure
    assert holds_picture(path)


@pytest.mark.parametrize("brands", [b"avifmif1avif", b"isomavc1mp42", b"qt  \0\0\0\0qt  "])
def test_files_of_the_same_family_are_not_taken_for_heic(tmp_path: Path, brands: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\0\0\0\x18ftyp" + brands[:4] + bytes(4) + brands[4:] + bytes(64))
    assert known_kind(path) == ""


def test_heic_is_read_where_pillow_heif_is_whatever_its_name(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    Pillow.new("RGB", (64, 36), (224, 16, 32)).save(tmp_path / "a.heic")
    (tmp_path / "renamed.jpg").write_bytes((tmp_path / "a.heic").read_bytes())
    for name in ("a.heic", "renamed.jpg"):
        picture = read_picture(tmp_path / name)
        assert picture.shape == (36, 64, 3)
        assert abs(picture[5, 5].astype(int) - (32, 16, 224)).max() < 8
        assert holds_picture(tmp_path / name)


def test_jfif_is_a_name_of_jpegs(tmp_path: Path) -> None:
    Pillow.new("RGB", (64, 36), (224, 16, 32)).save(tmp_path / "a.jfif", format="JPEG")
    assert is_picture(tmp_path / "a.jfif")
    assert read_picture(tmp_path / "a.jfif").shape == (36, 64, 3)
