from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from tests.backgrounds.pictures import Rgb, assert_color, painted
from tests.named_pipes import make_pipe
from vcam.backgrounds.fitting import Fit, Fitting
from vcam.backgrounds.still import Still
from vcam.errors import PictureError
from vcam.images.picture_files import MAX_MEGAPIXELS, load_picture
from vcam.images.types import I420

RED, GREEN, BLUE, WHITE = (220, 30, 20), (20, 180, 40), (20, 50, 210), (255, 255, 255)
SIZE = (160, 90)


def _quarters(width: int, height: int) -> Pillow.Image:
    """Red, green, blue and white: top left, top right, bottom left, bottom right."""
    image = Pillow.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def _image(path: Path, fitting: Fitting) -> Still:
    return Still(fitting.still(load_picture(path, fitting.place)))


def _shown(path: Path, fit: Fit = "cover", color: Rgb = (0, 0, 0)) -> I420:
    return painted(_image(path, Fitting(*SIZE, fit, color)), *SIZE)


def _assert_quarters(picture: I420, within: float = 2) -> None:
    assert_color(picture, 40, 20, RED, within)
    assert_color(picture, 120, 20, GREEN, within)
    assert_color(picture, 40, 70, BLUE, within)
    assert_color(picture, 120, 70, WHITE, within)


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.webp", "a.tiff", "a.gif"])
def test_a_picture_is_shown_in_its_colours(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    _quarters(*SIZE).save(path, lossless=True)
    _assert_quarters(_shown(path))


@pytest.mark.parametrize("size", [(1600, 900), (64, 36), (1611, 907)])
def test_any_size_is_fitted(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.jpg"
    _quarters(*size).save(path, quality=95)
    _assert_quarters(_shown(path), within=3)


def test_cover_crops_the_long_side_equally(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    wide = Pillow.new("RGB", (400, 90), RED)
    wide.paste(GREEN, (120, 0, 280, 90))
    wide.save(path)
    picture = _shown(path, "cover")
    for x in (2, 80, 157):
        assert_color(picture, x, 45, GREEN)


def test_contain_shows_all_and_fills_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    _quarters(45, 90).save(path)
    picture = _shown(path, "contain", (90, 80, 70))
    assert_color(picture, 20, 45, (90, 80, 70))
    assert_color(picture, 140, 45, (90, 80, 70))
    assert_color(picture, 66, 10, RED)
    assert_color(picture, 94, 80, WHITE)


def test_stretch_fills_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    _quarters(40, 200).save(path)
    _assert_quarters(_shown(path, "stretch"))


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch"])
@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)])
def test_odd_proportions_do_no_harm(tmp_path: Path, fit: Fit, size: tuple[int, int]) -> None:
    path = tmp_path / "a.png"
    Pillow.new("RGB", size, GREEN).save(path)
    assert_color(_shown(path, fit, GREEN), 80, 45, GREEN)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_exif_orientation_is_honoured(tmp_path: Path, orientation: int, suffix: str) -> None:
    stored = {
        2: Pillow.Transpose.FLIP_LEFT_RIGHT,
        3: Pillow.Transpose.ROTATE_180,
        4: Pillow.Transpose.FLIP_TOP_BOTTOM,
        5: Pillow.Transpose.TRANSPOSE,
        6: Pillow.Transpose.ROTATE_90,
        7: Pillow.Transpose.TRANSVERSE,
        8: Pillow.Transpose.ROTATE_270,
    }
    image = _quarters(640, 360)
    if orientation in stored:
        image = image.transpose(stored[orientation])
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{suffix}"
    image.save(path, exif=exif)
    _assert_quarters(_shown(path), within=4)


def test_broken_exif_data_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    _quarters(640, 360).save(path, quality=95, exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xffrubbish")
    _assert_quarters(_shown(path), within=4)


@pytest.mark.parametrize("suffix", ["jpg", "tiff"])
def test_cmyk_is_not_inverted(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Pillow.new("CMYK", SIZE, (0, 255, 255, 0)).save(path)
    assert_color(_shown(path), 80, 45, (255, 0, 0), within=4)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colour_profiles_are_honoured(tmp_path: Path, mode: str) -> None:
    """In this profile red and green light are exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")
    path = tmp_path / "a.png"
    Pillow.new("RGB", SIZE, (200, 0, 0)).convert(mode).save(path, icc_profile=swapped)
    assert_color(_shown(path), 80, 45, (0, 200, 0), within=4)


def test_a_useless_colour_profile_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    _quarters(*SIZE).save(path, icc_profile=b"no profile at all")
    _assert_quarters(_shown(path))


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bit_grey_is_scaled(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    deep = np.full((90, 160), 100 * 257, np.uint16)
    Pillow.fromarray(deep).save(path)
    assert_color(_shown(path), 80, 45, (100, 100, 100))


def test_sixteen_bit_colour_is_scaled(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(_deep_png(160, 90, RED))
    assert_color(_shown(path), 80, 45, RED)


def _deep_png(width: int, height: int, rgb: Rgb) -> bytes:
    """A PNG of one colour with 16 bit a channel, which Pillow cannot write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    row = b"\0" + struct.pack(">HHH", *(value * 257 for value in rgb)) * width
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(row * height)),
            chunk(b"IEND", b""),
        ]
    )


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA"])
def test_pictures_of_few_colours_work(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    Pillow.new("RGB", SIZE, WHITE).convert(mode).save(path)
    assert_color(_shown(path), 80, 45, WHITE)


def test_transparent_parts_show_the_colour_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    image = Pillow.new("RGBA", SIZE, (255, 255, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 50, 90))
    image.paste((200, 0, 0, 128), (50, 0, 100, 90))
    image.save(path)
    picture = _shown(path, color=(0, 0, 100))
    assert_color(picture, 20, 45, (255, 0, 0))
    assert_color(picture, 76, 45, (100, 0, 50))
    assert_color(picture, 140, 45, (0, 0, 100))


def test_hidden_colours_do_not_fringe_when_reduced(tmp_path: Path) -> None:
    """A white that is fully transparent must not brighten its red neighbours."""
    path = tmp_path / "a.png"
    image = Pillow.new("RGBA", (1600, 900), (255, 255, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 803, 900))
    image.save(path)
    assert int(_shown(path, color=(0, 0, 0)).y.max()) <= 84  # red is 82


def test_a_transparent_palette_entry_is_transparent(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    image = Pillow.new("P", SIZE, 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (80, 0, 160, 90))
    image.save(path, transparency=0)
    picture = _shown(path, color=(0, 0, 255))
    assert_color(picture, 40, 45, (0, 0, 255))
    assert_color(picture, 120, 45, (0, 255, 0))


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_the_first_frame_of_an_animation_is_shown(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    frames = [Pillow.new("RGB", SIZE, color) for color in (RED, GREEN, BLUE)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    assert_color(_shown(path), 80, 45, RED, within=5)


def test_a_fine_pattern_is_averaged_when_reduced(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    pattern = np.indices((907, 1611)).sum(axis=0) % 2 * 255
    Pillow.fromarray(pattern.astype(np.uint8)).save(path)
    assert np.ptp(_shown(path).y) <= 4


def _refused(path: Path) -> PictureError:
    with pytest.raises(PictureError) as caught:
        _image(path, Fitting(*SIZE))
    assert path.name in caught.value.problem
    assert caught.value.cure
    return caught.value


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "no picture" in _refused(tmp_path / "gone.jpg").problem


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "no file" in _refused(tmp_path).problem


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.png"
    make_pipe(path)
    assert "no file" in _refused(path).problem


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "void.png"
    path.touch()
    assert "empty" in _refused(path).problem


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear user,\n")
    assert "known kind" in _refused(path).problem


def test_postscript_is_never_interpreted(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Pillow.new("RGB", SIZE).save(path, format="EPS")
    assert "known kind" in _refused(path).problem


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "tiff", "bmp"])
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, suffix: str, kept: float) -> None:
    path = tmp_path / f"a.{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    Pillow.fromarray(noise).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    _refused(path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "tiff", "bmp"])
def test_damage_is_never_worse_than_a_refusal(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    random = np.random.default_rng(4)
    _quarters(*SIZE).save(path)
    whole = path.read_bytes()
    for _ in range(60):
        content = bytearray(whole)
        for place in random.integers(0, len(content), 8):
            content[place] = int(random.integers(256))
        path.write_bytes(content)
        with suppress(PictureError):
            _image(path, Fitting(*SIZE))


@pytest.mark.parametrize("side", [10_001, 16_000, 60_000])
def test_enormous_pictures_are_refused_before_they_are_decoded(tmp_path: Path, side: int) -> None:
    path = tmp_path / "bomb.png"
    small = _deep_png(1, 1, RED)
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 16, 2, 0, 0, 0)
    bomb = small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
    path.write_bytes(bomb)
    assert f"{MAX_MEGAPIXELS} megapixels" in _refused(path).problem
