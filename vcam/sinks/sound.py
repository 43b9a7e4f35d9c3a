"""The sound of one video file, kept in another."""

from __future__ import annotations

import logging
from fractions import Fraction
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

logger = logging.getLogger(__name__)

_KEPT = {
    "mp4": ("aac", "mp3", "opus", "flac"),
    "mov": ("aac", "mp3"),
    "webm": ("opus", "vorbis"),
    "matroska": ("aac", "mp3", "opus", "vorbis", "flac", "ac3", "eac3", "alac", "pcm_s16le"),
    "avi": ("mp3", "ac3", "pcm_s16le"),
}
"""Codecs copied unchanged because players accept them in such a file; others are transcoded."""

_CODERS = {"webm": "libopus", "avi": "libmp3lame"}  # else AAC
_RATES = {"libopus": (48000,)}
_USUAL_RATES = (48000, 44100, 32000)


class SoundTrack:
    """Writes a file's audio track beside its video.

    Args:
        container: The output, before its first packet.
        sound: The audio stream being read.
        origin: When the pictures begin, in seconds of the file that is read.

    Raises:
        av.FFmpegError: This FFmpeg lacks the encoder.
    """

    def __init__(self, container: OutputContainer, sound: AudioStream, origin: float) -> None:
        self._container, self._origin = container, Fraction(origin).limit_denominator(90000)
        self._last: int | None = None
        self._copies = _is_copied(container.format.name, sound)
        if self._copies:
            self._stream = container.add_stream_from_template(sound)
            return
        coder = _CODERS.get(container.format.name, "aac")
        rates = _RATES.get(coder, _USUAL_RATES)
        rate = sound.sample_rate if sound.sample_rate in rates else rates[0]
        self._stream = cast(AudioStream, container.add_stream(coder, rate=rate))
        self._stream.layout = "mono" if sound.channels == 1 else "stereo"

    def add(self, packet: av.Packet[AudioStream]) -> None:
        """Write one packet that was read; a broken one is skipped.

        Raises:
            OSError: The disk is full, or the file cannot be written.
        """
        try:
            if self._copies:
                self._copy(packet)
            else:
                for frame in packet.decode():
                    self._code(frame)
        except (av.error.InvalidDataError, ValueError) as error:
            logger.debug("a piece of sound is left out: %r", error)

    def finish(self) -> None:
        """Flush the encoder."""
        if not self._copies and self._stream.codec_context.is_open:
            self._container.mux(self._stream.encode(None))

    def _copy(self, packet: av.Packet[AudioStream]) -> None:
        if packet.dts is None or (self._last is not None and packet.dts <= self._last):
            return
        self._last = packet.dts
        shift = round(self._origin / packet.time_base)
        packet.dts -= shift
        packet.pts = packet.dts if packet.pts is None else packet.pts - shift
        packet.stream = self._stream
        self._container.mux(packet)

    def _code(self, frame: av.AudioFrame) -> None:
        if frame.pts is not None and frame.time_base:
            frame.pts -= round(self._origin / frame.time_base)
        self._container.mux(self._stream.encode(frame))


def _is_copied(container: str, sound: AudioStream) -> bool:
    """Whether it can be copied unchanged; AAC from broadcasts (ADTS) lacks the codec header."""
    name = sound.codec_context.name
    is_whole = name != "aac" or bool(sound.codec_context.extradata)
    return is_whole and name.removesuffix("float") in _KEPT.get(container, ())
