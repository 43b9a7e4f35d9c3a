"""The public API for files: reading and writing pictures and videos as NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from vcam.images import picture_files
from vcam.images.arrays import Order, Picture, check_order, check_picture, in_order
from vcam.images.types import I420, Alpha, Image
from vcam.sinks.video import VideoSink
from vcam.sources.video import open_video


def read_picture(path: Path | str, order: Order = "bgr") -> Image:
    """Read a picture file of any kind that vcam accepts as a background, upright.

    Args:
        path: The file.
        order: Of the channels.

    Returns:
        uint8 (h, w, 3); transparent parts are black.

    Raises:
        PictureError: The file is missing, unreadable, no picture, broken or too large.
    """
    check_order(order)
    return in_order(picture_files.read_picture(Path(path)), order)


def write_picture(path: Path | str, picture: Picture, order: Order = "bgr") -> None:
    """Write a picture in the format its name implies, replacing an existing file.

    Args:
        path: The file, with a name such as me.jpg, or me.png where `picture` has an alpha.
        picture: uint8 (h, w, 3), or (h, w, 4) with alpha last, as `Matting.cut_out` gives it.
        order: Of the channels of `picture`.

    Raises:
        ValueError: `picture` is not such an array.
        SinkError: It cannot be written, or the format has no alpha.
    """
    check_picture(picture)
    check_order(order)
    file = Path(path)
    if picture.shape[2] == 4:
        picture_files.check_holds_alpha(file)
    picture_files.write_picture(file, in_order(picture, order))


def read_video(path: Path | str, order: Order = "bgr") -> Iterator[tuple[float, Image]]:
    """The frames of a video file, upright and in display colours, with their timestamps.

    Frames that cannot be decoded are skipped.

    Args:
        path: The file.
        order: Of the channels.

    Yields:
        When the frame is shown, in seconds from the first one, and a new uint8 (h, w, 3).

    Raises:
        SourceError: The file is missing, or no video.
    """
    check_order(order)
    video = open_video(Path(path))
    try:
        while (time := video.advance()) is not None:
            image = video.image()
            if image is not None:
                yield time, in_order(image, order)
    finally:
        video.close()


@dataclass(frozen=True)
class VideoFrame:
    """One frame of a video, and its alpha.

    Attributes:
        time: When it is shown, in seconds from the first one.
        frame: uint8 (h, w, 3), in the order of channels that was asked for.
        alpha: uint8 (h, w), 255 = person.
    """

    time: float
    frame: Image
    alpha: Alpha


class VideoWriter:
    """Writes frames to a video file, replacing an existing one.

    Args:
        path: The file: .mp4, .mov, .mkv (H.264), .webm (VP9) or .avi; for frames with an alpha
            .webm (VP9) or .mov (ProRes 4444).
        fps: Frames per second, used when `write` is given no times.
        order: Of the channels of the frames.

    Example:
        >>> with vcam.Matting() as matting, vcam.VideoWriter("out.webm") as out:
        ...     for moment in matting.video("in.mp4"):
        ...         out.write(matting.foreground(moment.frame, moment.alpha), moment.time)
    """

    def __init__(self, path: Path | str, fps: float = 30.0, order: Order = "bgr") -> None:
        check_order(order)
        if not 1 <= fps <= 1000:
            raise ValueError(f"fps must be from 1 to 1000, not {fps}")
        self._path, self._fps, self._order = Path(path), float(fps), order
        self._shape: tuple[int, ...] = ()
        self._sink: VideoSink | None = None
        self._count = 0

    def __enter__(self) -> VideoWriter:
        """Return the writer; the file is finished at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file."""
        self.close()

    def write(self, frame: Picture, time: float | None = None) -> None:
        """Append a frame.

        Args:
            frame: uint8 (h, w, 3), or (h, w, 4) with alpha last; all of one shape. An odd last row
                or column is cropped.
            time: When it is shown, in seconds; None follows `fps`. A frame not later than the last
                one is skipped.

        Raises:
            ValueError: `frame` is not such an array, or differs from the first one.
            SinkError: The file cannot be written, or its format has no alpha.
        """
        check_picture(frame)
        if self._sink is None:
            self._shape, self._sink = frame.shape, self._opened(frame.shape)
        if frame.shape != self._shape:
            raise ValueError(
                f"frame must be uint8 {self._shape}, like the first, not {frame.shape}"
            )
        even = frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]
        bgr = np.ascontiguousarray(in_order(even, self._order)[..., :3])
        alpha = np.ascontiguousarray(even[..., 3]) if frame.shape[2] == 4 else None
        moment = self._count / self._fps if time is None else time
        self._sink.send_at(I420.from_bgr(bgr), moment, alpha)
        self._count += 1

    def close(self) -> None:
        """Finish the file; without any frame none is created.

        Raises:
            SinkError: It cannot be written.
        """
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.close()

    def _opened(self, shape: tuple[int, ...]) -> VideoSink:
        height, width = (side // 2 * 2 for side in shape[:2])
        if not width or not height:
            raise ValueError(f"frame must have two rows and columns at least, not {shape}")
        return VideoSink(self._path, width, height, self._fps, has_alpha=shape[2] == 4)
