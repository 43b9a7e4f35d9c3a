from __future__ import annotations

from pathlib import Path

import pytest

from tests.clips import flat, write_clip
from tests.films import write_film
from vcam.errors import SourceError
from vcam.sources.video import VideoSource


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.avi", [flat(40), flat(120), flat(200)], fps=12.5)


def levels(source: VideoSource, count: int) -> list[int]:
    images = [source.read() for _ in range(count)]
    return [round(float(image.mean()) / 40) * 40 for image in images if image is not None]


def test_video_starts_over_at_its_end(clip: Path) -> None:
    assert levels(VideoSource(clip), 7) == [40, 120, 200, 40, 120, 200, 40]


def test_video_that_does_not_loop_ends(clip: Path) -> None:
    source = VideoSource(clip, loop=False)
    assert levels(source, 3) == [40, 120, 200]
    assert source.read() is None


def test_size_rate_and_length_are_told(clip: Path) -> None:
    source = VideoSource(clip)
    assert (source.width, source.height, source.fps, source.frames) == (64, 36, 12.5, 3)
    assert "clip.avi, 64x36 at 12.5 fps" in source.description
    assert not source.live


def test_earlier_pictures_are_not_written_over(clip: Path) -> None:
    source = VideoSource(clip)
    first = source.read()
    assert first is not None
    kept = first.copy()
    source.read()
    assert (first == kept).all()


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"there is no video .*gone\.mp4"):
        VideoSource(tmp_path / "gone.mp4")


def test_file_that_is_no_video_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no video")
    with pytest.raises(SourceError, match=r"notes\.mp4. is no video"):
        VideoSource(path)


def test_a_changing_rate_is_kept_in_time(tmp_path: Path) -> None:
    """Pictures are left out where the file is quicker than its mean, and repeated elsewhere."""
    times = [0.0, 0.5, 1.0, 1.5, 1.6, 1.7, 1.8, 1.9]
    images = [flat(30 * index) for index in range(8)]
    source = VideoSource(write_film(tmp_path / "a.mp4", images, times), loop=False)
    shown = []
    while (image := source.read()) is not None:
        shown.append(round(float(image.mean()) / 30))
    step = 1 / source.fps
    due = [sum(time <= (index + 0.5) * step for time in times) - 1 for index in range(len(shown))]
    assert shown == due
    assert shown[-1] == 7
    assert len(set(shown)) < 8
    assert len(set(shown)) < len(shown)
