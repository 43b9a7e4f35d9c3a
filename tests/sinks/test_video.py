from __future__ import annotations

from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import flat
from tests.films import RED, picture
from vcam.config.schema.output import OutputConfig
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.images.video_file import VideoFile
from vcam.sinks import open_sink
from vcam.sinks.video import VideoSink
from vcam.sources.video import VideoSource

_BROWSERS_PLAY = {"mp4": "h264", "mov": "h264", "mkv": "h264", "webm": "vp9", "avi": "mjpeg"}


@pytest.mark.parametrize("suffix", _BROWSERS_PLAY)
def test_written_video_can_be_read_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    sink = VideoSink(path, 64, 36, 20)
    for level in (60, 180):
        sink.send(I420.from_bgr(flat(level)))
    sink.close()
    video = VideoSource(path, loop=False)
    assert (video.width, video.height, video.fps) == (64, 36, 20)
    first, second = video.read(), video.read()
    assert first is not None
    assert second is not None
    assert abs(float(first.mean()) - 60) < 8
    assert abs(float(second.mean()) - 180) < 8
    assert video.read() is None


@pytest.mark.parametrize("suffix", _BROWSERS_PLAY)
def test_videos_are_of_the_kind_that_browsers_play(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    sink = VideoSink(path, 64, 36, 20)
    sink.send(I420.from_bgr(flat(60)))
    sink.close()
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert context.name == _BROWSERS_PLAY[suffix]
        assert suffix == "avi" or context.pix_fmt == "yuv420p"
    if suffix in ("mp4", "mov"):
        content = path.read_bytes()
        assert content.find(b"moov") < content.find(b"mdat")  # plays while it is loaded


@pytest.mark.parametrize("suffix", _BROWSERS_PLAY)
@pytest.mark.parametrize("height", [36, 720])
def test_colours_are_those_that_were_sent(tmp_path: Path, suffix: str, height: int) -> None:
    path = tmp_path / f"out.{suffix}"
    width = height * 16 // 9
    sink = VideoSink(path, width, height, 20)
    sink.send(I420.from_bgr(picture(RED, width, height)))
    sink.close()
    with closing(VideoFile(path)) as video:
        image = video.image()
    assert image is not None
    assert (np.abs(image.reshape(-1, 3).mean(0)[::-1] - RED) < 6).all()


def _times(path: Path) -> list[float]:
    with closing(VideoFile(path)) as video:
        begins = []
        while (begin := video.advance()) is not None:
            begins.append(round(begin, 3))
        return begins


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm"])
def test_frames_are_shown_at_their_own_times(tmp_path: Path, suffix: str) -> None:
    times = [0.0, 0.04, 0.5, 0.52, 2.0]
    sink = VideoSink(tmp_path / f"out.{suffix}", 64, 36, 25)
    for time in times:
        sink.send_at(I420.from_bgr(flat(90)), time)
    sink.close()
    assert _times(tmp_path / f"out.{suffix}") == times


def test_a_file_with_one_rate_leaves_out_what_is_quicker(tmp_path: Path) -> None:
    sink = VideoSink(tmp_path / "out.avi", 64, 36, 10)
    for index in range(60):
        sink.send_at(I420.from_bgr(flat(90)), index / 30)
    sink.close()
    assert _times(tmp_path / "out.avi") == [index / 10 for index in range(21)]


def test_unknown_ending_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"\.mp4, \.webm, \.mov"):
        VideoSink(tmp_path / "out.txt", 64, 36, 20)


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"gone.out\.mp4 cannot be written \(No such file"):
        VideoSink(tmp_path / "gone" / "out.mp4", 64, 36, 20)


def test_messages_name_the_result_and_not_the_file_it_is_written_to(tmp_path: Path) -> None:
    scratch, wanted = tmp_path / "gone" / "scratch.mp4", tmp_path / "out.mp4"
    with pytest.raises(SinkError) as caught:
        VideoSink(scratch, 64, 36, 20, name=wanted)
    assert "out.mp4" in str(caught.value)
    assert "scratch" not in str(caught.value)


def test_an_output_never_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "holidays.mp4"
    path.write_bytes(b"precious")
    output = OutputConfig(type="file", path=path)
    with pytest.raises(SinkError, match="is there already"):
        open_sink(output)
    assert path.read_bytes() == b"precious"
