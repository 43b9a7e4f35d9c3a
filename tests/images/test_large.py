"""Pictures that are larger than memory allows."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from vcam.errors import PictureError
from vcam.images import picture_files
from vcam.images.picture_files import holds_picture, load_picture, read_picture

SIZE = (1600, 1200)  # 1.92 megapixels


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of everything, Pillow's own limit included."""
    monkeypatch.setattr(picture_files, "MAX_MEGAPIXELS", 1.0)
    monkeypatch.setattr(picture_files, "MAX_JPEG_MEGAPIXELS", 4.0)
    monkeypatch.setattr(picture_files, "MAX_PROGRESSIVE_MEGAPIXELS", 1.3)
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", 890_000)


def _write(path: Path, size: tuple[int, int] = SIZE, progressive: bool = False) -> Path:
    Pillow.new("RGB", size, (224, 16, 32)).save(path, progressive=progressive)
    return path


@pytest.mark.parametrize("turn", [1, 6])
def test_jpegs_are_read_smaller_than_they_are(tmp_path: Path, turn: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = turn
    Pillow.new("RGB", SIZE, (224, 16, 32)).save(tmp_path / "a.jpg", exif=exif)
    picture = read_picture(tmp_path / "a.jpg")
    assert picture.shape == ((600, 800, 3) if turn == 1 else (800, 600, 3))
    assert np.abs(picture[9, 9].astype(int) - (32, 16, 224)).max() < 4
    assert holds_picture(tmp_path / "a.jpg")


def test_what_is_kept_is_enough_for_the_place(tmp_path: Path) -> None:
    loaded = load_picture(_write(tmp_path / "a.jpg"), lambda size: (size[0] // 5, size[1] // 5))
    assert loaded.size[0] >= 2 * SIZE[0] // 5


@pytest.mark.parametrize(
    ("name", "size", "progressive"),
    [("a.png", SIZE, False), ("a.jpg", (2400, 1800), False), ("b.jpg", SIZE, True)],
)
def test_what_does_not_fit_into_memory_is_refused(
    tmp_path: Path, name: str, size: tuple[int, int], progressive: bool
) -> None:
    path = _write(tmp_path / name, size, progressive)
    with pytest.raises(PictureError, match="megapixels"):
        read_picture(path)
    assert holds_picture(path)


def _gif(header: tuple[int, int], frame: tuple[int, int], count: int = 1) -> bytes:
    """A GIF whose header and frames have sizes of their own."""
    head = b"GIF89a" + _words(*header) + b"\x80\0\0\0\0\0\xff\xff\xff"
    image = b"," + _words(0, 0, *frame) + b"\0\x02\x02\x44\x01\0"
    return head + image * count + b";"


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "little") for value in values)


def test_a_gif_with_a_frame_larger_than_its_header_says_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(_gif((2, 2), (900, 900)))
    with pytest.raises(PictureError, match="broken"):
        read_picture(tmp_path / "a.gif")


def test_a_gif_that_ends_in_the_middle_of_a_frame_is_no_fault_of_ours(tmp_path: Path) -> None:
    whole = _gif((64, 64), (64, 64), 2)
    for end in range(len(whole)):
        (tmp_path / "a.gif").write_bytes(whole[:end])
        holds_picture(tmp_path / "a.gif")
        with suppress(PictureError):  # nothing else
            read_picture(tmp_path / "a.gif")
