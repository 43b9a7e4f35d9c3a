"""The protocol of inference engines."""

from __future__ import annotations

from typing import Protocol

from vcam.images.types import Image, Mask


class Engine(Protocol):
    """A segmentation network, loaded and warmed up, without state between calls.

    Calls must not be concurrent; several engines may run side by side.
    """

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels that `run` requires."""

    def run(self, image: Image) -> Mask:
        """Run the network once.

        Args:
            image: uint8 (h, w, 3), BGR, contiguous or not, of exactly `size`; it is only read.

        Returns:
            float32 (mh, mw), 1 = person, nominally in 0..1 but not validated. Valid until the next
            `run` of this engine, which may overwrite it.

        Raises:
            SegmenterError: The network failed on this picture; the next may succeed.
        """

    def close(self) -> None:
        """Free the network; `run` must not be called afterwards. A second call does nothing."""
