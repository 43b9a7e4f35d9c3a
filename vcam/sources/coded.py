"""A camera that offers only a compressed stream, such as H.264, through PyAV (FFmpeg)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import av
from av.video.codeccontext import VideoCodecContext

from vcam.devices.cameras import Camera, check_free
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.control_settings import ControlSettings, Value
from vcam.devices.host import HOST, Host
from vcam.devices.node_errors import camera_gone
from vcam.devices.pixel_formats import DECODERS, in_words
from vcam.devices.streaming import Stream
from vcam.errors import SourceError
from vcam.images.colors import ToBgr
from vcam.images.types import Image

logger = logging.getLogger(__name__)

_BUFFERS = 4
_BLACK = (0, 0, 0)


class CodedSource:
    """Such a camera's pictures; implements `Source`.

    Pictures begin with a keyframe, at the start and after a loss.

    Args:
        camera: Which one.
        mode: One of its modes, with a format of `DECODERS`.
        timeout: Seconds without a picture after which it counts as failed.
        host: The machine.
        controls: As for `CameraSource`.
        restores: As for `CameraSource`.

    Raises:
        SourceError: It is busy, gone, not allowed, or cannot stream; or this FFmpeg cannot decode
            what it gives.
    """

    live = True

    def __init__(
        self,
        camera: Camera,
        mode: CaptureMode,
        timeout: float = 5.0,
        host: Host = HOST,
        controls: Callable[[], Mapping[str, Value]] = dict,
        restores: Callable[[], bool] = bool,
    ) -> None:
        check_free(camera, host)
        self._camera, self._timeout = camera, timeout
        self._controls, self._restores = controls, restores
        self._settings = ControlSettings(camera, host)
        self._set: Mapping[str, Value] = {}
        self._decoder = _decoder_of(camera, mode)  # before the camera is held
        try:
            self._stream = Stream(
                camera.path, _BUFFERS, mode.fourcc, host, (mode.width, mode.height)
            )
        except OSError as error:
            raise SourceError(f"{camera} cannot stream ({error.strerror})") from error
        self._to_bgr: ToBgr | None = None
        self._size = (0, 0)
        self._has_begun = False
        self.fps = mode.rates[0] if mode.rates else 0.0
        size = f"{self._stream.width}x{self._stream.height}"
        rate = f" at {self.fps:g} fps" if self.fps else ""
        self.description = f"{camera}, {size} {mode.fourcc.strip()}{rate}"

    def read(self) -> Image | None:
        """The next complete picture, uint8 (h, w, 3) BGR.

        Raises:
            SourceError: The camera has gone, or has delivered no complete picture for `timeout`
                seconds.
        """
        self._adjust()
        until = time.monotonic() + self._timeout
        while (left := until - time.monotonic()) > 0:
            try:
                data = self._stream.read(left)
            except OSError as error:
                raise camera_gone(self._camera) from error
            if self._stream.has_gap:  # frames that refer to the lost one would be smeared
                self._has_begun = False
            image = None if data is None else self._decoded(data.tobytes())
            if image is not None:
                return image
        if not Path(self._camera.path).exists():
            raise camera_gone(self._camera)
        raise SourceError(
            f"{self._camera} gives no pictures that can be decoded",
            "plug it in again, into a port of its own, or set camera.device to another camera",
        )

    def close(self) -> None:
        """Free the camera."""
        if self._restores():
            self._settings.restore()
        self._stream.close()

    def _decoded(self, data: bytes) -> Image | None:
        """The newest picture that a buffer completes."""
        if not data:  # which would end the decoder's stream for good
            return None
        try:
            frames = self._decoder.decode(av.Packet(data))
        except av.FFmpegError as error:
            logger.debug("%s: %s", self._camera, error)
            self._has_begun = False
            return None
        image = None
        for frame in frames:
            self._has_begun |= frame.key_frame
            if not self._has_begun or frame.is_corrupt:
                continue
            if self._to_bgr is None or self._size != (frame.width, frame.height):
                self._size = (frame.width, frame.height)
                self._to_bgr = ToBgr(frame, self._size, _BLACK)
            image = self._to_bgr(frame)
        return image

    def _adjust(self) -> None:
        wanted = self._controls()
        if wanted != self._set:
            self._set = wanted
            self._settings.apply(wanted)


def _decoder_of(camera: Camera, mode: CaptureMode) -> VideoCodecContext:
    try:
        decoder = cast(VideoCodecContext, av.CodecContext.create(DECODERS[mode.fourcc], "r"))
    except (av.FFmpegError, ValueError) as error:  # the latter where it was built without
        logger.debug("a decoder for %s: %r", camera, error)
        raise SourceError(
            f"{camera} gives nothing but {in_words([mode.fourcc])}, "
            "which the FFmpeg of the Python package av cannot decode here",
            "install av anew from its own wheels (pip install --force-reinstall av), "
            "or set camera.device to another camera",
        ) from error
    decoder.flags |= 1 << 19  # AV_CODEC_FLAG_LOW_DELAY: no picture is kept back
    decoder.thread_count = 1
    return decoder
