"""A video file as the sink."""

from __future__ import annotations

from pathlib import Path

import cv2

from vcam.errors import SinkError
from vcam.images.types import I420

CODECS = {".mp4": "mp4v", ".mkv": "mp4v", ".mov": "mp4v", ".avi": "MJPG"}
"""What can be written, and how; the codecs are those of every OpenCV build."""


class VideoSink:
    """Writes frames to a video file; implements `Sink`.

    Args:
        path: The file; it is overwritten.
        width: Of the frames, pixels, even.
        height: Of the frames, pixels, even.
        fps: Frames per second.

    Raises:
        SinkError: The file cannot be written, or its ending is not a known one.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float) -> None:
        codec = CODECS.get(path.suffix.lower())
        if codec is None:
            raise SinkError(
                f"{path} cannot be written: unknown kind of video",
                f"end its name in one of {', '.join(CODECS)}",
            )
        check_writable(path)
        fourcc = cv2.VideoWriter.fourcc(*codec)
        self._path = path
        self._writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, fps, (width, height))
        if not self._writer.isOpened():
            raise SinkError(f"{path} cannot be written", "check the folder and the free space")
        self.description = f"{path}, {width}x{height} at {fps:g} fps"

    def send(self, frame: I420) -> None:
        """Append a frame."""
        self._writer.write(frame.to_bgr())

    def close(self) -> None:
        """Finish the file.

        Raises:
            SinkError: Nothing has arrived on the disk.
        """
        self._writer.release()
        if not self._path.exists() or not self._path.stat().st_size:
            raise SinkError(f"{self._path} was not written", "check the free space")


def check_writable(path: Path) -> None:
    """Find out before the work whether a file can be written.

    Raises:
        SinkError: It cannot, and why.
    """
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise SinkError(
            f"{path} cannot be written ({error.strerror})", "name a file in a folder of yours"
        ) from None
    if not path.stat().st_size:
        path.unlink()
