from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.codec import UnknownCodecError

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeNode
from vcam.devices.cameras import Camera
from vcam.devices.capture_mode import CaptureMode
from vcam.errors import SourceError
from vcam.images.types import Image, Plane
from vcam.sources import coded
from vcam.sources.coded import CodedSource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="opens V4L2 nodes")

MODE = CaptureMode("H264", 320, 180, (30.0,))


def scene(number: int) -> Image:
    picture = np.full((180, 320, 3), (40, 90, 160), np.uint8)
    picture[:, 20 * number : 20 * number + 40] = (200, 200, 40)
    return picture


def stream(count: int = 8, size: tuple[int, int] = (320, 180)) -> list[bytes]:
    """What a camera gives, a buffer for each picture."""
    target = io.BytesIO()
    with av.open(target, "w", format="h264") as container:
        video = container.add_stream("libx264", rate=30, options={"tune": "zerolatency"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        buffers = []
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(scene(number), "bgr24")
            buffers += [bytes(packet) for packet in video.encode(frame.reformat(*size))]
    return buffers


LOST = b"lost"
"""Stands before a buffer that follows a gap."""


class FakeStream:
    """Gives scripted buffers; an exception is raised."""

    width, height = 320, 180
    has_gap = False

    def __init__(self, script: Sequence[bytes | OSError]) -> None:
        self.script, self.closed = list(script), False

    def read(self, seconds: float) -> Plane | None:
        if not self.script:
            return None
        step = self.script.pop(0)
        self.has_gap = step == LOST
        if self.has_gap:
            step = self.script.pop(0)
        if isinstance(step, OSError):
            raise step
        return np.frombuffer(step, np.uint8)

    def close(self) -> None:
        self.closed = True


def opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: Sequence[bytes | OSError]
) -> tuple[CodedSource, FakeStream]:
    kernel = FakeKernel(folder, {0: FakeNode("Coded")})
    fake = FakeStream(script)
    monkeypatch.setattr(coded, "Stream", lambda *_: fake)
    camera = Camera("Coded", str(folder / "dev/video0"), 0, modes=(MODE,))
    return CodedSource(camera, MODE, 0.2, kernel.host), fake


def test_each_buffer_gives_its_picture_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, fake = opened(tmp_path, monkeypatch, stream())
    for number in range(8):
        image = source.read()
        assert image is not None
        assert image.shape == (180, 320, 3)
        assert np.abs(image.astype(int) - scene(number)).mean() < 4
    source.close()
    assert fake.closed
    assert "320x180 H264 at 30 fps" in source.description


def test_nothing_is_given_before_a_picture_that_needs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, later = stream(), stream()
    source, _ = opened(tmp_path, monkeypatch, [*first[3:], *later])
    image = source.read()
    assert image is not None
    assert np.abs(image.astype(int) - scene(0)).mean() < 4


def test_after_a_loss_nothing_is_given_before_a_picture_that_needs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, later = stream(), stream()
    source, _ = opened(tmp_path, monkeypatch, [*first[:3], LOST, *first[4:], *later])
    seen = [source.read() for _ in range(4)]
    for image, number in zip(seen, (0, 1, 2, 0), strict=True):
        assert image is not None
        assert np.abs(image.astype(int) - scene(number)).mean() < 4


@pytest.mark.parametrize("script", [[], [bytes(500)] * 3, [b"\xff" * 99]])
def test_a_camera_that_gives_no_picture_has_failed(
    script: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = opened(tmp_path, monkeypatch, script)
    with pytest.raises(SourceError, match="no pictures that can be decoded"):
        source.read()


def test_a_buffer_with_nothing_in_it_does_not_end_the_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = stream()
    source, _ = opened(tmp_path, monkeypatch, [b"", first, b"", second])
    for number in range(2):
        image = source.read()
        assert image is not None
        assert np.abs(image.astype(int) - scene(number)).mean() < 4


def test_the_size_of_the_pictures_may_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = opened(tmp_path, monkeypatch, [*stream(2), *stream(2, (160, 90))])
    shapes = [image.shape for image in (source.read() for _ in range(4)) if image is not None]
    assert shapes == [(180, 320, 3)] * 2 + [(90, 160, 3)] * 2


@pytest.mark.parametrize("fault", [UnknownCodecError("h264"), av.FFmpegError(12, "no memory")])
def test_without_a_decoder_the_camera_is_not_held(
    fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = FakeKernel(tmp_path, {0: FakeNode("Coded")})
    camera = Camera("Coded", str(tmp_path / "dev/video0"), 0, modes=(MODE,))
    streams: list[FakeStream] = []

    def start(*_: object) -> FakeStream:
        streams.append(FakeStream([]))
        return streams[-1]

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(coded, "Stream", start)
    monkeypatch.setattr(av.CodecContext, "create", fail)
    for _ in range(3):  # as it is tried again in a call
        with pytest.raises(SourceError, match=r"H\.264.*cannot decode.*camera\.device"):
            CodedSource(camera, MODE, 0.2, kernel.host)
    assert all(stream.closed for stream in streams)


def test_a_camera_that_is_unplugged_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = opened(tmp_path, monkeypatch, [OSError(19, "No such device")])
    with pytest.raises(SourceError, match="has gone"):
        source.read()
