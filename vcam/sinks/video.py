"""A video file as the sink, in codecs that browsers play: H.264, or VP9 in .webm."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.codec import Codec
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream

from vcam.errors import SinkError
from vcam.images.types import I420, Alpha
from vcam.sinks.sound import SoundTrack


class _Encoding(NamedTuple):
    container: str
    coders: tuple[str, ...]  # the first that this FFmpeg has
    options: dict[str, str]


_H264 = ("libx264", "libopenh264")
_GOOD_H264 = {"preset": "veryfast", "crf": "19"}
_FIRST_THE_INDEX = {"movflags": "faststart"}  # plays while it is still being loaded

KINDS = {
    ".mp4": _Encoding("mp4", _H264, _GOOD_H264),
    ".webm": _Encoding(
        "webm", ("libvpx-vp9",), {"crf": "30", "b": "0", "cpu-used": "5", "row-mt": "1"}
    ),
    ".mov": _Encoding("mov", _H264, _GOOD_H264),
    ".mkv": _Encoding("matroska", _H264, _GOOD_H264),
    ".avi": _Encoding("avi", ("mjpeg",), {"qmin": "2", "qmax": "5"}),
}
"""How each kind of file is written, by its suffix."""

TRANSPARENT_KINDS = {
    ".webm": KINDS[".webm"],
    ".mov": _Encoding("mov", ("prores_ks",), {"profile": "4444", "vendor": "apl0"}),
}
"""The same for frames with straight (not premultiplied) alpha."""

_CLOCK = Fraction(1, 90000)
_BT709, _BT601 = 1, 6  # matrix coefficients, ITU-T H.273
_HD = 720
"""Rows from which players assume BT.709; below they assume BT.601."""


class VideoSink:
    """Writes frames to a video file; implements `Sink`.

    Args:
        path: The file; it is overwritten.
        width: Of the frames, pixels, even.
        height: Of the frames, pixels, even.
        fps: Frames per second.
        sound: The audio to write along, whose packets `sound_track` takes.
        origin: When the first frame is shown, in seconds of the clock of `sound`.
        name: The file's name in messages; None uses `path`.
        has_alpha: Whether the frames come with an alpha.

    Attributes:
        sound_track: Takes the packets of `sound`; None where there is none.

    Raises:
        SinkError: The file cannot be written, or its ending is not a known one.
    """

    def __init__(
        self, path: Path, width: int, height: int, fps: float,
        sound: AudioStream | None = None, origin: float = 0.0, name: Path | None = None,
        has_alpha: bool = False,
    ) -> None:  # fmt: skip
        self._name, self._fps, self._has_alpha = name or path, fps, has_alpha
        kind = _kind_of(path, self._name, has_alpha)
        check_writable(path, self._name)
        self._steps, self._sent, self._last = 0, 0, -1
        self._reformatter = VideoReformatter()
        self._is_hd = height >= _HD
        options = _FIRST_THE_INDEX if kind.container in ("mp4", "mov") else {}
        with ExitStack() as on_failure:
            try:
                self._container = av.open(
                    str(path.absolute()), "w", format=kind.container, container_options=options
                )
                on_failure.callback(self._let_go)
                self._stream = self._add_stream(kind, width, height)
                self.sound_track = SoundTrack(self._container, sound, origin) if sound else None
                self._container.start_encoding()
            except (av.FFmpegError, ValueError) as error:
                raise self._failure(error) from error
            on_failure.pop_all()
        self.description = f"{self._name}, {width}x{height} at {fps:g} fps"

    def send(self, frame: I420) -> None:
        """Append a frame, one frame period after the last one."""
        self.send_at(frame, self._steps / self._fps)
        self._steps += 1

    def send_at(self, frame: I420, time: float, alpha: Alpha | None = None) -> None:
        """Append a frame shown from `time` on, in seconds; skipped if not later than the last.

        Args:
            frame: The picture.
            time: From 0 on.
            alpha: Of the picture, uint8 (h, w), where frames come with one.

        Raises:
            SinkError: The disk is full, or the file cannot be written.
        """
        base = self._stream.codec_context.time_base or _CLOCK
        pts = round(time / base)
        if pts <= self._last:  # .avi has a fixed rate, which the frames may briefly exceed
            return
        picture = self._converted(frame, alpha)
        picture.pts, picture.time_base, self._last = pts, base, pts
        picture.duration = round(1 / self._fps / base)
        self._sent += 1
        try:
            self._container.mux(self._stream.encode(picture))
        except av.FFmpegError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Finish the file.

        Raises:
            SinkError: The disk is full, or the file cannot be written.
        """
        try:
            if self.sound_track is not None:
                self.sound_track.finish()
            if self._sent:
                self._container.mux(self._stream.encode(None))
            self._container.close()
        except av.FFmpegError as error:
            self._let_go()
            raise self._failure(error) from error

    def _let_go(self) -> None:
        """Close a file that is lost: Windows does not delete open ones."""
        with suppress(av.FFmpegError):
            self._container.close()

    def _add_stream(self, kind: _Encoding, width: int, height: int) -> VideoStream:
        coder = next((name for name in kind.coders if _is_there(name)), kind.coders[0])
        rate = Fraction(self._fps).limit_denominator(1001)
        options = {} if coder == "libopenh264" else kind.options
        stream = cast(VideoStream, self._container.add_stream(coder, rate=rate, options=options))
        context = stream.codec_context
        context.width, context.height = width, height
        context.pix_fmt = _format(coder, self._has_alpha)
        if kind.container != "avi":  # which has one length for all its frames
            context.time_base = _CLOCK
        context.colorspace = _BT709 if self._is_hd and coder != "mjpeg" else _BT601
        context.color_range = ColorRange.JPEG if coder == "mjpeg" else ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return stream

    def _converted(self, frame: I420, alpha: Alpha | None) -> av.VideoFrame:
        """A new frame in the file's own matrix and range."""
        context = self._stream.codec_context
        return self._reformatter.reformat(
            _plain(frame) if alpha is None else _with_alpha(frame, alpha),
            format=context.pix_fmt,
            src_colorspace=Colorspace.ITU601,
            dst_colorspace=Colorspace.ITU709 if context.colorspace == _BT709 else Colorspace.ITU601,
            src_color_range=ColorRange.MPEG,
            dst_color_range=context.color_range,
            threads=1,
        )

    def _failure(self, error: Exception) -> SinkError:
        reason = getattr(error, "strerror", None) or str(error)
        return SinkError(
            f"{self._name} cannot be written ({reason})", "check the folder and the free space"
        )


def _kind_of(path: Path, name: Path, has_alpha: bool) -> _Encoding:
    kinds = TRANSPARENT_KINDS if has_alpha else KINDS
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        why = (
            "it cannot be transparent" if path.suffix.lower() in KINDS else "unknown kind of video"
        )
        raise SinkError(
            f"{name} cannot be written: {why}", f"end its name in one of {', '.join(kinds)}"
        )
    return kind


def _format(coder: str, has_alpha: bool) -> str:
    """The pixel format; cut-outs get full-size chroma where that is usual."""
    if has_alpha:
        return "yuva444p10le" if coder == "prores_ks" else "yuva420p"
    return "yuvj420p" if coder == "mjpeg" else "yuv420p"


def _plain(frame: I420) -> av.VideoFrame:
    flat = frame.data.reshape(frame.height * 3 // 2, frame.width)
    return av.VideoFrame.from_ndarray(flat, "yuv420p")


def _with_alpha(frame: I420, alpha: Alpha) -> av.VideoFrame:
    picture = av.VideoFrame(frame.width, frame.height, "yuva420p")
    for theirs, plane in zip(picture.planes, (*frame.planes, alpha), strict=True):
        rows = np.zeros((theirs.height, theirs.line_size), np.uint8)
        rows[:, : plane.shape[1]] = plane
        theirs.update(rows.tobytes())
    return picture


def _is_there(coder: str) -> bool:
    try:
        Codec(coder, "w")
    except ValueError:  # av.codec.UnknownCodecError is one
        return False
    return True


def check_writable(path: Path, name: Path | None = None) -> None:
    """Check in advance whether a file can be written.

    Args:
        path: The file.
        name: What messages call it; `path` where it is None.

    Raises:
        SinkError: It cannot, and why.
    """
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise SinkError(
            f"{name or path} cannot be written ({error.strerror})",
            "name a file in a folder of yours",
        ) from None
    if not path.stat().st_size:
        path.unlink()
