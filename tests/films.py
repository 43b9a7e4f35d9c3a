"""Small videos of all kinds for the tests, written with PyAV."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from vcam.images.types import Image

RED = (224, 16, 32)
"""Red, green and blue that no careless conversion leaves alone."""


def picture(color: tuple[int, int, int], width: int, height: int) -> Image:
    """One colour (red, green, blue): uint8 (h, w, 3), BGR."""
    return np.full((height, width, 3), color[::-1], np.uint8)


def write_film(
    path: Path,
    images: Sequence[npt.NDArray[Any]],
    times: Sequence[float] | None = None,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    source: str = "bgr24",
    matrix: Colorspace = Colorspace.ITU601,
    tags: dict[str, int] | None = None,
    aspect: Fraction | None = None,
    sound: str = "",
    options: dict[str, str] | None = None,
) -> Path:
    """Write `images` at their `times` (seconds; 25 a second by default), and a tone as sound."""
    height, width = images[0].shape[:2] if images else (36, 64)
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=25, options=options or {}))
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, pix_fmt
        context.time_base = Fraction(1, 1000)
        for name, value in (tags or {}).items():
            setattr(context, name, value)
        if aspect is not None:
            context.sample_aspect_ratio = aspect
        track = cast(AudioStream, container.add_stream(sound, rate=48000)) if sound else None
        for index, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, source)
            if source != pix_fmt:
                frame = frame.reformat(format=pix_fmt, dst_colorspace=matrix)
            seconds = times[index] if times is not None else index / 25
            frame.pts, frame.time_base = round(seconds * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None:
            _write_tone(container, track, max(len(images), 1) / 25)
    return path


def _write_tone(container: av.container.OutputContainer, track: AudioStream, length: float) -> None:
    time = np.arange(round(48000 * length)) / 48000
    wave = (np.sin(2 * np.pi * 440 * time) * 9000).astype(np.int16)
    for begin in range(0, len(wave), 960):
        frame = av.AudioFrame.from_ndarray(wave[None, begin : begin + 960], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, begin, Fraction(1, 48000)
        container.mux(track.encode(frame))
    container.mux(track.encode(None))


def set_display_matrix(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Write how players shall turn an .mp4's pictures into its track header."""
    content = bytearray(path.read_bytes())
    place = content.find(b"tkhd") + 44
    a, b, c, d = (each << 16 for each in matrix)
    content[place : place + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path
