"""Pictures and videos as numpy arrays, in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vcam
from vcam.errors import PictureError, SinkError, SourceError
from vcam.images.types import Image
from vcam.images.video_file import VideoFile

RED = (30, 40, 200)  # BGR


def colored(width: int = 64, height: int = 48) -> Image:
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = RED
    return picture


def with_hole(width: int = 64, height: int = 48) -> Image:
    """Red, opaque on the left and transparent on the right."""
    alpha = np.full((height, width, 1), 255, np.uint8)
    alpha[:, width // 2 :] = 0
    return np.concatenate([colored(width, height), alpha], axis=2)


def test_a_picture_comes_back_in_either_order(tmp_path: Path) -> None:
    vcam.write_picture(tmp_path / "a.png", colored()[..., ::-1], order="rgb")
    assert np.array_equal(vcam.read_picture(str(tmp_path / "a.png")), colored())
    rgb = vcam.read_picture(tmp_path / "a.png", order="rgb")
    assert tuple(rgb[0, 0]) == RED[::-1]


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_a_picture_keeps_its_alpha(suffix: str, tmp_path: Path) -> None:
    from PIL import Image as Pillow

    file = tmp_path / f"a{suffix}"
    vcam.write_picture(file, with_hole())
    with Pillow.open(file) as picture:
        rgba = np.asarray(picture.convert("RGBA"))
    assert np.array_equal(rgba[..., 3], with_hole()[..., 3])
    assert np.abs(rgba[0, 0, :3].astype(int) - RED[::-1]).max() < 8


def test_a_format_that_cannot_be_transparent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"a\.jpg cannot be transparent.*\.png"):
        vcam.write_picture(tmp_path / "a.jpg", with_hole())
    with pytest.raises(SinkError, match=r"a\.mp4 .*cannot be transparent.*\.webm, \.mov"):
        vcam.VideoWriter(tmp_path / "a.mp4").write(with_hole())


@pytest.mark.parametrize("suffix", [".webm", ".mov"])
def test_a_video_keeps_its_alpha(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"a{suffix}"
    with vcam.VideoWriter(file, fps=10) as out:
        for _ in range(3):
            out.write(with_hole())
    for behind in ((0, 0, 0), (0, 255, 0)):
        video = VideoFile(file, color=behind)
        video.advance()
        image = video.image()
        video.close()
        assert image is not None
        assert np.abs(image[24, 10].astype(int) - RED).max() < 16
        assert np.abs(image[24, 54].astype(int) - behind[::-1]).max() < 16


def test_a_video_keeps_the_times_it_was_told(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.45, 0.5]
    with vcam.VideoWriter(tmp_path / "a.mp4") as out:
        for shade, time in enumerate(times):
            out.write(np.full((48, 64, 3), 60 * shade, np.uint8), time)
    found = list(vcam.read_video(tmp_path / "a.mp4"))
    assert [time for time, _ in found] == pytest.approx(times, abs=0.001)
    means = [picture.mean() for _, picture in found]
    assert means == pytest.approx([0, 60, 120, 180], abs=4)


def test_odd_sizes_lose_a_row_and_a_column(tmp_path: Path) -> None:
    with vcam.VideoWriter(tmp_path / "a.webm") as out:
        out.write(with_hole(65, 49))
    (found,) = vcam.read_video(tmp_path / "a.webm")
    assert found[1].shape == (48, 64, 3)


def test_without_a_frame_there_is_no_file(tmp_path: Path) -> None:
    with vcam.VideoWriter(tmp_path / "a.mp4"):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", [None, "a.png", np.zeros((4, 4)), np.zeros((4, 4, 2), np.uint8)])
def test_what_is_no_picture_is_refused(wrong: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be uint8"):
        vcam.write_picture(tmp_path / "a.png", wrong)
    with pytest.raises(ValueError, match="must be uint8"):
        vcam.VideoWriter(tmp_path / "a.mp4").write(wrong)
    assert not list(tmp_path.iterdir())


def test_frames_of_a_video_are_alike(tmp_path: Path) -> None:
    with vcam.VideoWriter(tmp_path / "a.mp4") as out:
        out.write(colored())
        with pytest.raises(ValueError, match="like the first"):
            out.write(colored(32, 32))


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"no\.png"):
        vcam.read_picture(tmp_path / "no.png")
    with pytest.raises(SourceError, match=r"no\.mp4"):
        next(vcam.read_video(tmp_path / "no.mp4"))
