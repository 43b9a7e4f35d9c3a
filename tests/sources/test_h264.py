from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.films import RED, picture
from vcam.images.types import Image, Plane
from vcam.sources.h264 import H264Decoder


def _stream(images: Sequence[Image], key_every: int = 250) -> list[Plane]:
    """One buffer for each picture, as cameras give them."""
    coder = av.CodecContext.create("libx264", "w")
    coder.height, coder.width = images[0].shape[:2]
    coder.pix_fmt, coder.time_base, coder.gop_size = "yuv420p", Fraction(1, 30), key_every
    coder.options = {"tune": "zerolatency", "preset": "ultrafast"}
    buffers = []
    for index, image in enumerate(images):
        frame = av.VideoFrame.from_ndarray(image, "bgr24").reformat(format="yuv420p")
        frame.pts = index
        buffers += [np.frombuffer(bytes(packet), np.uint8) for packet in coder.encode(frame)]
    assert len(buffers) == len(images)
    return buffers


def _greys(levels: Sequence[int]) -> list[Image]:
    return [picture((level,) * 3, 64, 48) for level in levels]


def _level(image: Image | None) -> int | None:
    return None if image is None else round(float(image.mean()) / 10) * 10


def test_each_buffer_gives_its_own_picture_at_once() -> None:
    decoder = H264Decoder()
    levels = [40, 80, 120, 160, 200]
    assert [_level(decoder.decode(data)) for data in _stream(_greys(levels))] == levels


def test_colours_are_the_camera_s() -> None:
    image = H264Decoder().decode(_stream([picture(RED, 64, 48)])[0])
    assert image is not None
    assert (np.abs(image.reshape(-1, 3).mean(0)[::-1] - RED) < 6).all()


def test_nothing_is_shown_before_the_first_key_frame() -> None:
    buffers = _stream(_greys([40, 80, 120, 160, 200, 210]), key_every=4)
    decoder = H264Decoder()
    assert [_level(decoder.decode(data)) for data in buffers[1:]] == [None, None, None, 200, 210]


@pytest.mark.parametrize("data", [b"", b"\0\0\0\1", b"no H.264 at all", bytes(1000)])
def test_what_is_no_h264_is_no_picture(data: bytes) -> None:
    decoder = H264Decoder()
    assert decoder.decode(np.frombuffer(data, np.uint8)) is None
    assert _level(decoder.decode(_stream(_greys([90]))[0])) == 90


def test_the_size_may_change() -> None:
    decoder = H264Decoder()
    for width, height in ((64, 48), (96, 64)):
        image = decoder.decode(_stream([picture(RED, width, height)])[0])
        assert image is not None
        assert image.shape == (height, width, 3)
