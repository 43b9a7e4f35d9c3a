"""Reading video files of any kind, through PyAV (FFmpeg)."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeAlias, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from vcam.errors import VideoError
from vcam.images.colors import ToBgr
from vcam.images.display_matrix import read_turn, shown_size
from vcam.images.types import Image, Size

logger = logging.getLogger(__name__)

CONVERT = "convert it, for example: ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p out.mp4"
"""Advice for a video that cannot be decoded."""

MAX_MEGAPIXELS = 40
"""Videos with larger pictures are refused; 8K has 33."""

# What holds its pictures itself: not what names other files or addresses (hls, dash, concat,
# sdp ...), and not still pictures and devices, which FFmpeg takes for videos as well.
_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,asf,flv,ogg,ivf,rm,mxf,"
    "dv,h261,h263,h264,hevc,vvc,obu,mjpeg,yuv4mpegpipe,nut,wtv,gif,apng,vc1"
)
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": _CONTAINERS}
QUICKEST, INSTEAD = 0.011, 0.1
"""Animations with 10 ms or less per picture get 100 ms, as in all browsers."""

_TRANSPARENT = {"vp8": "libvpx", "vp9": "libvpx-vp9"}  # FFmpeg's own decoders skip the alpha
_THREADS = 4
_SHORTEST, _LONGEST = 0.0005, 600.0
"""Plausible bounds of a picture's duration, seconds."""

SoundPacket: TypeAlias = "av.Packet[AudioStream]"
PicturePacket: TypeAlias = "av.Packet[VideoStream]"
Listener: TypeAlias = Callable[[SoundPacket], None]


class VideoFile:
    """One pass through a video file, from its first picture to its last.

    Its pictures are upright, with square pixels and in sRGB, whatever the file's rotation, pixel
    aspect, matrix, range, HLG or PQ. Only this file is read: playlists that name other files or
    addresses are refused.

    Args:
        path: The file.
        color: Red, green and blue behind transparent parts.
        place_for: Given the pictures' size, returns their size on display; much larger ones are
            delivered at that size.
        with_sound: Whether `listen` will be used.

    Attributes:
        path: The file.
        width: Of its pictures, pixels.
        height: Of its pictures, pixels.
        fps: Mean pictures per second.
        frames: Their number according to the file; 0 if it does not say.
        sound: Its audio stream, if wanted and present.
        origin: When the first picture begins, in seconds of the file's own clock.

    Raises:
        VideoError: It is not a video, cannot be decoded or has more than `MAX_MEGAPIXELS`.
    """

    def __init__(
        self,
        path: Path,
        color: tuple[int, int, int] = (0, 0, 0),
        place_for: Callable[[Size], Size] = lambda size: size,
        with_sound: bool = False,
    ) -> None:
        self.path = path
        self._container = _opened(path)
        try:
            self._stream = _best(self._container, path)
            _check_size(path, (self._stream.codec_context.width, self._stream.codec_context.height))
            self._decoder = _decoder(self._stream)
            self.sound: AudioStream | None = None
            if with_sound:
                self.sound = next(iter(self._container.streams.audio), None)
            self._listener: Listener | None = None
            self._early: list[SoundPacket] = []
            self.fps = _rate(self._stream)
            seconds = (self._container.duration or 0) / av.time_base
            self.frames = max(0, self._stream.frames or round(seconds * self.fps))
            self._frames = self._decoded()
            first = next(self._frames, None)
            if first is None:
                raise VideoError(f'"{path}" has no picture that can be decoded', CONVERT)
            self._show(first, color, place_for)
        except BaseException:
            self._container.close()
            raise

    def _show(
        self, first: av.VideoFrame, color: tuple[int, int, int], place_for: Callable[[Size], Size]
    ) -> None:
        """Derive from the first frame what holds for all."""
        self._frame, self._is_new, self._begin = first, True, 0.0
        self._is_gif = self._container.format.name == "gif"
        self.origin = first.time if first.pts is not None else 0.0
        self._turn = read_turn(first)
        upright = self._turn.size(shown_size(first, self._stream.sample_aspect_ratio))
        _check_size(self.path, upright)
        place = place_for(upright)
        if place[0] < upright[0] and place[1] < upright[1]:
            upright = place
        self.width, self.height = upright
        self._to_bgr = ToBgr(first, self._turn.size(upright), color)

    @property
    def end(self) -> float:
        """When the last picture reached so far ends, in seconds of the file."""
        frame = self._frame
        lasts = float(frame.duration * (frame.time_base or 0))
        if self._is_gif and lasts < QUICKEST:
            lasts = INSTEAD
        return self._begin + (lasts if 0 < lasts < _LONGEST else 1 / self.fps)

    def listen(self, listener: Listener) -> None:
        """Receive the packets of `sound` as they are demuxed."""
        self._listener = listener
        for packet in self._early:
            listener(packet)
        self._early.clear()

    def advance(self) -> float | None:
        """Advance to the next picture; its start in seconds of the file, or None at the end."""
        if not self._is_new:
            follows = self.end
            frame = next(self._frames, None)
            if frame is None:
                return None
            self._frame = frame
            self._begin = self._time(frame, follows)
            return self._begin
        self._is_new = False
        self._begin = 0.0
        return self._begin

    def image(self) -> Image | None:
        """The current picture, or None if it cannot be decoded.

        It is a new uint8 (h, w, 3), BGR.
        """
        try:
            return self._turn.apply(self._to_bgr(self._frame))
        except (av.FFmpegError, ValueError) as error:
            logger.debug("converting a picture of %s: %r", self.path, error)
            return None

    def close(self) -> None:
        """Close the file."""
        self._frames.close()
        self._container.close()

    def _time(self, frame: av.VideoFrame, follows: float) -> float:
        """When a frame begins: its timestamp if plausible, else `follows`."""
        told = (frame.time if frame.pts is not None else math.nan) - self.origin
        is_later = self._begin + _SHORTEST < told < self._begin + _LONGEST
        return told if is_later and not self._is_gif else follows

    def _decoded(self) -> Generator[av.VideoFrame, None, None]:
        """All decodable frames; audio packets in between go to the listener."""
        wanted = [self._stream] if self.sound is None else [self._stream, self.sound]
        try:
            for packet in self._container.demux(wanted):
                if packet.stream is self._stream:
                    yield from self._frames_in(cast(PicturePacket, packet))
                elif packet.size:
                    self._deliver_sound(cast(SoundPacket, packet))
        except av.FFmpegError as error:
            logger.debug("reading %s: %r", self.path, error)

    def _frames_in(self, packet: PicturePacket) -> list[av.VideoFrame]:
        try:
            return self._decoder.decode(packet)
        except av.FFmpegError as error:
            logger.debug("decoding %s: %r", self.path, error)
            return []

    def _deliver_sound(self, packet: SoundPacket) -> None:
        if self._listener is None:
            self._early.append(packet)
        else:
            self._listener(packet)


def _opened(path: Path) -> InputContainer:
    """Open just this file: an absolute path is never taken for a URL."""
    try:
        return av.open(str(path.absolute()), options=_OPTIONS, metadata_errors="replace")
    except Exception as error:  # each demuxer has its own ideas of what to raise
        logger.debug("opening %s: %r", path, error)
        raise VideoError(f'"{path}" is no video that can be read', CONVERT) from None


def _best(container: InputContainer, path: Path) -> VideoStream:
    """The first video stream that is not a music file's cover picture."""
    videos = [each for each in container.streams.video if each.codec_context is not None]
    moving = [each for each in videos if not each.disposition & Disposition.attached_pic]
    if not moving:
        raise VideoError(f'"{path}" has no video that can be decoded', CONVERT)
    return moving[0]


def _decoder(stream: VideoStream) -> VideoCodecContext:
    decoder = stream.codec_context
    if _has_alpha(stream) and decoder.name in _TRANSPARENT:
        decoder = cast(VideoCodecContext, av.CodecContext.create(_TRANSPARENT[decoder.name], "r"))
    decoder.options = {"max_pixels": str(MAX_MEGAPIXELS * 1_000_000)}  # should they grow
    decoder.thread_type = "AUTO"
    decoder.thread_count = _THREADS
    return decoder


def _has_alpha(stream: VideoStream) -> bool:
    """Whether a WebM declares an alpha channel, by track or by tag."""
    return any(
        key.lower() == "alpha_mode" and value == "1" for key, value in stream.metadata.items()
    )


def _rate(stream: VideoStream) -> float:
    """Pictures per second; 25 if the file gives no plausible rate."""
    for told in (stream.average_rate, stream.guessed_rate):
        if told and 0.01 <= told <= 1000:
            return float(told)
    return 25.0


def _check_size(path: Path, size: Size) -> None:
    if size[0] * size[1] > MAX_MEGAPIXELS * 1_000_000:
        raise VideoError(
            f'the pictures of "{path}" have more than {MAX_MEGAPIXELS} megapixels',
            "make it smaller, for example: ffmpeg -i IN -vf scale=1920:-2 out.mp4",
        )
