from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.backgrounds.films import SMALL, rounds, write_animation
from tests.clips import flat, write_clip
from tests.named_pipes import make_pipe
from vcam.backgrounds.footage import Animation, Footage, open_footage
from vcam.errors import PictureError, VcamError, VideoError
from vcam.images.types import Image
from vcam.images.video_file import VideoFile


@contextmanager
def _opened(path: Path) -> Iterator[Footage]:
    with closing(open_footage(path, SMALL)) as footage:
        yield footage


def _mean(footage: Footage) -> float:
    image: Image | None = footage.image()
    assert image is not None
    assert image.shape == (36, 64, 3)
    return float(image.mean())


def test_a_video_s_pictures_begin_when_the_file_says(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.avi", [flat(40), flat(120), flat(200)], fps=12.5)
    with _opened(path) as footage:
        assert isinstance(footage, VideoFile)
        for begin, grey in ((0.0, 40), (0.08, 120), (0.16, 200)):
            assert footage.advance() == pytest.approx(begin)
            assert _mean(footage) == pytest.approx(grey, abs=3)
        assert footage.advance() is None
        assert footage.end == pytest.approx(0.24)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "jpg"])
def test_an_animation_keeps_its_own_durations(tmp_path: Path, suffix: str) -> None:
    """Whatever its name: the content says what it is."""
    written = write_animation(
        tmp_path / f"a.{suffix.replace('jpg', 'gif')}", [40, 120, 200], [50, 200, 30]
    )
    path = written.rename(tmp_path / f"a.{suffix}")
    with _opened(path) as footage:
        assert isinstance(footage, VideoFile if suffix in ("gif", "jpg") else Animation)
        assert rounds(footage, 4) == [0.0, pytest.approx(0.05), pytest.approx(0.25), None]
        assert footage.end == pytest.approx(0.28)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_an_animation_shows_its_pictures(tmp_path: Path, suffix: str) -> None:
    with _opened(write_animation(tmp_path / f"a.{suffix}", [40, 120, 200], 50)) as footage:
        for grey in (40, 120, 200):
            footage.advance()
            assert _mean(footage) == pytest.approx(grey, abs=3)


def test_animations_in_too_great_a_hurry_are_slowed_as_in_browsers(tmp_path: Path) -> None:
    with _opened(write_animation(tmp_path / "a.gif", [40, 120], 10)) as footage:
        assert rounds(footage, 2) == [0.0, pytest.approx(0.1)]


def test_a_file_that_vanished_is_played_to_its_end(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.avi", [flat(40), flat(120)])
    with _opened(path) as footage:
        path.unlink()
        assert None not in rounds(footage, 2)


def _refused(path: Path) -> VcamError:
    with pytest.raises((VideoError, PictureError)) as caught:
        open_footage(path, SMALL)
    assert path.name in caught.value.problem
    assert caught.value.cure
    return caught.value


def test_what_is_no_video_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp4"
    path.write_text("Dear user,\n")
    assert "no video" in _refused(path).problem
    assert "no video" in _refused(tmp_path / "gone.mp4").problem
    assert "no file" in _refused(tmp_path).problem
    (tmp_path / "void.mp4").touch()
    assert "empty" in _refused(tmp_path / "void.mp4").problem
    make_pipe(tmp_path / "pipe.mp4")
    assert "no file" in _refused(tmp_path / "pipe.mp4").problem


def test_a_damaged_animation_gives_what_it_can(tmp_path: Path) -> None:
    path = write_animation(tmp_path / "a.gif", [40, 120, 200, 90], 50)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    with _opened(path) as footage:
        assert footage.advance() == 0.0
        assert _mean(footage) == pytest.approx(40, abs=3)
        while footage.advance() is not None:
            footage.image()
