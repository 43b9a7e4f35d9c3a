"""From a picture to its alpha: the segmenter and the matte, idle while nothing moves."""

from __future__ import annotations

from vcam.images.pyramid import Pyramid
from vcam.images.types import Cutout, Image, Mask
from vcam.matte import Matte
from vcam.segmenters.base import Segmenter, is_settled

_STILL = 0.0005
"""Share of the picture that may have changed since the last segmentation: a twentieth of a hand."""
_LONGEST = 0.7
"""Seconds after which the picture is segmented again, whether or not anything has changed."""


class Cutter:
    """Computes the alpha of a stream's pictures, one after the other.

    Args:
        segmenter: Finds people.
        matte: Turns its mask into alpha.

    Attributes:
        mask: The segmenter's last mask.
        pyramid: The last picture's pyramid.
    """

    def __init__(self, segmenter: Segmenter, matte: Matte) -> None:
        self._segmenter, self._matte = segmenter, matte
        self.pyramid = Pyramid()
        self._cutout: Cutout | None = None
        self._made_at = 0.0
        self.mask: Mask | None = None

    def cut(self, image: Image, time: float) -> Cutout | None:
        """The alpha of the stream's next picture.

        If less than 0.05 % of the picture has changed since the one that was segmented last, that
        one is less than 0.7 s old and the segmenter has settled, its alpha is reused. Otherwise the
        matte refines a mask on this picture: a new one, or (if the segmenter says so) the last one.

        Args:
            image: uint8 (h, w, 3), BGR.
            time: Seconds on a clock that never runs backwards.

        Returns:
            Valid until the next call; None while the segmenter has no answer.

        Raises:
            SegmenterError: The segmenter failed on this picture.
        """
        self.pyramid.load(image, time)
        is_fresh = self._cutout is not None and time - self._made_at < _LONGEST
        if is_fresh and is_settled(self._segmenter) and self._is_still():
            self._segmenter.rest(self.pyramid, time)
            return self._cutout
        self._cutout = None
        earlier, self.mask = self.mask, self._segmenter.segment(self.pyramid, time)
        if self.mask is None:
            return None
        if self.mask is not earlier:  # a repeated mask belongs to an earlier picture
            self.pyramid.mark()
            self._made_at = time
        self._cutout = self._matte.refine(self.mask, self.pyramid)
        return self._cutout

    def _is_still(self) -> bool:
        """Whether nothing moves, nor has drifted since the last segmentation."""
        return bool(self.pyramid.motion.mean() < _STILL) and self.pyramid.drift < _STILL

    def go_over_to(self, matte: Matte) -> None:
        """Use `matte` from the next picture on, from a fresh state."""
        if matte is not self._matte:
            self._matte = matte
            self._matte.reset()

    def reset(self) -> None:
        """Forget all earlier pictures."""
        self._segmenter.reset()
        self._matte.reset()
        self.pyramid = Pyramid()
        self._cutout = self.mask = None
