from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from tests.films import RED, picture, write_film
from vcam.images.types import I420
from vcam.images.video_file import VideoFile
from vcam.sinks.video import VideoSink

_TONE = 440.0


def _carried(source: Path, target: Path) -> Path:
    """The pictures and the sound of one file, in another."""
    with closing(VideoFile(source, with_sound=True)) as film:
        sink = VideoSink(target, film.width, film.height, film.fps, film.sound, film.origin)
        assert sink.sound_track is not None
        film.listen(sink.sound_track.add)
        while (begin := film.advance()) is not None:
            image = film.image()
            assert image is not None
            sink.send_at(I420.from_bgr(image), begin)
        sink.close()
    return target


def _heard(path: Path) -> tuple[str, float, float]:
    """Its codec, its length in seconds and its pitch in Hz."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        left = [_left(frame) for frame in container.decode(stream)]
        wave = np.concatenate(left).astype(np.float64)
        rate = stream.sample_rate
        name = stream.codec_context.name
    pitch = np.abs(np.fft.rfft(wave)).argmax() * rate / len(wave)
    return name, len(wave) / rate, float(pitch)


def _left(frame: av.AudioFrame) -> npt.NDArray[Any]:
    """The samples of its first channel."""
    samples = frame.to_ndarray()
    return samples[0] if frame.format.is_planar else samples[0, :: frame.layout.nb_channels]


@pytest.mark.parametrize(
    ("source", "sound", "target", "kept"),
    [
        ("a.mp4", "aac", "out.mp4", "aac"),
        ("a.mkv", "pcm_s16le", "out.mp4", "aac"),
        ("a.mkv", "libopus", "out.mp4", "opus"),
        ("a.ts", "aac", "out.mp4", "aac"),
        ("a.mkv", "ac3", "out.mov", "aac"),
        ("a.mp4", "aac", "out.webm", "opus"),
        ("a.mkv", "libopus", "out.webm", "opus"),
        ("a.mkv", "flac", "out.mkv", "flac"),
        ("a.mp4", "aac", "out.avi", "mp3"),
    ],
)
def test_sound_is_kept_in_a_form_that_players_of_the_file_take(
    tmp_path: Path, source: str, sound: str, target: str, kept: str
) -> None:
    film = write_film(tmp_path / source, [picture(RED, 64, 36)] * 25, sound=sound)
    name, seconds, pitch = _heard(_carried(film, tmp_path / target))
    assert name.removesuffix("float") == kept
    assert seconds == pytest.approx(1.0, abs=0.1)
    assert pitch == pytest.approx(_TONE, abs=5)


def test_sound_stays_with_the_pictures_where_they_begin_later(tmp_path: Path) -> None:
    times = [0.5 + index / 25 for index in range(25)]
    film = write_film(tmp_path / "a.mkv", [picture(RED, 64, 36)] * 25, times, sound="aac")
    with av.open(str(_carried(film, tmp_path / "out.mkv"))) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        begins: dict[str, float] = {}
        for packet in container.demux(video, audio):
            if packet.pts is not None:
                begins.setdefault(packet.stream.type, float(packet.pts * packet.time_base))
    assert begins["video"] - begins["audio"] == pytest.approx(0.5, abs=0.03)


def test_broken_sound_does_not_stop_the_pictures(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.ts", [picture(RED, 64, 36)] * 25, sound="aac")
    content = bytearray(film.read_bytes())
    random = np.random.default_rng(3)
    for place in range(0, len(content), 188):
        pid = int.from_bytes(content[place + 1 : place + 3], "big") & 0x1FFF
        if pid == 0x101:  # the sound's packets
            content[place + 20 : place + 188] = random.bytes(168)
    film.write_bytes(content)
    with closing(VideoFile(_carried(film, tmp_path / "out.mp4"))) as out:
        assert out.frames == 25
