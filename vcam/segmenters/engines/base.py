"""The seam that runs a network."""

from __future__ import annotations

from typing import Protocol

from vcam.images.types import Image, Mask


class Engine(Protocol):
    """A segmentation network, loaded and warm. It remembers nothing from call to call.

    One thread at a time makes the calls; several engines may be at work side by side.
    """

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels of the only picture that `run` takes."""

    def run(self, image: Image) -> Mask:
        """Run the network once.

        Args:
            image: uint8 (h, w, 3), BGR, contiguous or not, of exactly `size`; it is only read.

        Returns:
            float32 (mh, mw), 1 = person, nominally in 0..1 but as the network left it: not
            checked. It is the caller's until the next `run` of this engine, which may
            overwrite it; keep a copy to have it longer.

        Raises:
            SegmenterError: The network failed on this picture; the next may work.
        """

    def close(self) -> None:
        """Free the network; `run` must not be called any more. A second call does nothing."""
