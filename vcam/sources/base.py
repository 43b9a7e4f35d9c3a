"""The protocol of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # choosing a mode needs no OpenCV
    from vcam.images.types import Image


class Source(Protocol):
    """A source of pictures: a camera, a file, a drawn scene.

    It is opened by its constructor, which raises `SourceError` when it cannot be. One thread
    calls `read` over and over; `close` is called once, by that same thread.
    """

    @property
    def description(self) -> str:
        """For people: what it is, and the mode it was granted.

        Such as "Integrated Camera (/dev/video0), 1280x720 MJPG at 30 fps".
        """

    @property
    def fps(self) -> float:
        """Its frames per second, or 0 if unknown."""

    @property
    def live(self) -> bool:
        """Whether `read` itself waits for the next picture, as a camera does.

        If not (a file, a scene), pictures are available at once and the caller paces them.
        """

    def read(self) -> Image | None:
        """The next picture, uint8 (h, w, 3) BGR, or None at the end.

        The array belongs to the caller: the source never writes to it again. Its size may
        change between calls.

        Raises:
            SourceError: The source has failed and must be reopened.
        """

    def close(self) -> None:
        """Free the device or file."""
