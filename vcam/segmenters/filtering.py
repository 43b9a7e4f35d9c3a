"""What segmenters have in common that work on another one's masks."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask, Plane
from vcam.segmenters.base import Segmenter, Spill, is_settled, notice, spill


class OnTop:
    """What a segmenter passes on from the one below it.

    Args:
        segmenter: Finds people.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter

    @property
    def progress(self) -> float:
        """That of the segmenter."""
        return self._segmenter.progress

    @property
    def is_settled(self) -> bool:
        """Whether the segmenter is."""
        return is_settled(self._segmenter)

    @property
    def notice(self) -> str:
        """That of the segmenter."""
        return notice(self._segmenter)

    @property
    def spill(self) -> Spill | None:
        """What the segmenter knows of."""
        return spill(self._segmenter)

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Pass it on."""
        self._segmenter.rest(pyramid, time)

    def close(self) -> None:
        """Free the segmenter."""
        self._segmenter.close()


class MaskFilter(OnTop, ABC):
    """Takes something out of a segmenter's masks; implements `Segmenter`.

    Args:
        segmenter: Finds people.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__(segmenter)
        self._found: Mask | None = None
        self._left: Mask = np.empty((0, 0), np.float32)

    @abstractmethod
    def _kept(self, mask: Mask, pyramid: Pyramid, time: float) -> Plane | None:
        """What is kept of `mask`: uint8 (h, w), 1 there; None for all of it."""

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The segmenter's mask, without what is taken out of it.

        Raises:
            SegmenterError: The segmenter failed.
        """
        found = self._segmenter.segment(pyramid, time)
        if found is None:
            self._found = None
            return None
        if found is not self._found or self._left.shape != found.shape:
            self._left = np.empty_like(found)  # the same array once more says: not looked anew
        self._found = found
        kept = self._kept(found, pyramid, time)
        if kept is None:
            np.copyto(self._left, found)
        else:
            np.multiply(found, kept, out=self._left)
        return self._left

    def reset(self) -> None:
        """Forget all earlier frames."""
        self._segmenter.reset()
        self._found = None
