from __future__ import annotations

from pathlib import Path

import pytest

from tests.clips import flat
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.sinks.video import VideoSink
from vcam.sources.video import VideoSource


@pytest.mark.parametrize("name", ["out.mp4", "out.avi", "out.mkv"])
def test_written_video_can_be_read_back(tmp_path: Path, name: str) -> None:
    sink = VideoSink(tmp_path / name, 64, 36, 20)
    for level in (60, 180):
        sink.send(I420.from_bgr(flat(level)))
    sink.close()
    video = VideoSource(tmp_path / name, loop=False)
    assert (video.width, video.height, video.fps) == (64, 36, 20)
    first, second = video.read(), video.read()
    assert first is not None
    assert second is not None
    assert abs(float(first.mean()) - 60) < 8
    assert abs(float(second.mean()) - 180) < 8
    assert video.read() is None


def test_unknown_ending_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"\.mp4, \.mkv"):
        VideoSink(tmp_path / "out.txt", 64, 36, 20)


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"gone.out\.mp4 cannot be written \(No such file"):
        VideoSink(tmp_path / "gone" / "out.mp4", 64, 36, 20)
