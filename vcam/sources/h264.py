"""A camera's H.264."""

from __future__ import annotations

import logging

import av
from av.codec.context import Flags

from vcam.images.colors import ToBgr
from vcam.images.types import Image, Plane

logger = logging.getLogger(__name__)


class H264Decoder:
    """Pictures of an H.264 stream, each as soon as its buffer is there.

    Not for threads, which would keep pictures back. Pictures of which something is missing (before
    the first key frame, after a lost buffer) are left out.
    """

    def __init__(self) -> None:
        self._decoder = av.CodecContext.create("h264", "r")
        self._decoder.thread_type, self._decoder.thread_count = "NONE", 1
        self._decoder.flags |= Flags.low_delay
        self._to_bgr: ToBgr | None = None
        self._size = (0, 0)

    def decode(self, data: Plane) -> Image | None:
        """The picture that a buffer of the camera ends.

        Args:
            data: uint8 of any shape, its bytes in their order: one access unit with start codes,
                as `V4L2_PIX_FMT_H264` has it.

        Returns:
            A new array, uint8 (h, w, 3), BGR; None where there is none yet or it is broken.
        """
        if not data.size:  # which would end the stream
            return None
        try:
            frames = self._decoder.decode(av.Packet(data.tobytes()))
            whole = [frame for frame in frames if not frame.is_corrupt]
            return self._converted(whole[-1]) if whole else None
        except (av.FFmpegError, ValueError) as error:
            logger.debug("decoding H.264: %r", error)
            return None

    def _converted(self, frame: av.VideoFrame) -> Image:
        size = frame.width, frame.height
        if self._to_bgr is None or size != self._size:
            self._to_bgr, self._size = ToBgr(frame, size, (0, 0, 0)), size
        return self._to_bgr(frame)
