"""From a picture to its alpha: the segmenter and the matte, resting while nothing moves."""

from __future__ import annotations

from vcam.images.pyramid import Pyramid
from vcam.images.types import Cutout, Image, Mask
from vcam.matte import Matte
from vcam.segmenters.base import Segmenter, is_settled

_STILL = 0.0005
"""Share of the picture that may have moved since it was last looked at: a twentieth of a hand."""
_LONGEST = 0.7
"""Seconds after which it is looked at again, whether or not anything seems to move."""


class Cutter:
    """Cuts people out of a stream's pictures, one after the other.

    Args:
        segmenter: Finds them.
        matte: Makes alpha of its mask.

    Attributes:
        mask: The segmenter's last answer.
        pyramid: The last picture and its reductions.
    """

    def __init__(self, segmenter: Segmenter, matte: Matte) -> None:
        self._segmenter, self._matte = segmenter, matte
        self.pyramid = Pyramid()
        self._cutout: Cutout | None = None
        self._made_at = 0.0
        self.mask: Mask | None = None

    def cut(self, image: Image, time: float) -> Cutout | None:
        """The alpha of the stream's next picture.

        Where less than 0.05 % of the picture has moved since the one that the segmenter last
        looked at, that is less than 0.7 s old and the segmenter has seen enough of it, its alpha
        is this one's too. Otherwise the matte fits a mask to this picture: a new one, or (if the
        segmenter says so) the last one.

        Args:
            image: uint8 (h, w, 3), BGR.
            time: Seconds on a clock that never runs backwards.

        Returns:
            Valid until the next call; None while the segmenter cannot know.

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
        if self.mask is not earlier:  # one that is given again is of an earlier picture
            self.pyramid.mark()
            self._made_at = time
        self._cutout = self._matte.refine(self.mask, self.pyramid)
        return self._cutout

    def _is_still(self) -> bool:
        """Whether nothing moves, and nothing has crept away from where it was looked at."""
        return bool(self.pyramid.motion.mean() < _STILL) and self.pyramid.drift < _STILL

    def go_over_to(self, matte: Matte) -> None:
        """Have `matte` refine the masks from the next picture on, beginning anew."""
        if matte is not self._matte:
            self._matte = matte
            self._matte.reset()

    def reset(self) -> None:
        """Forget all earlier pictures."""
        self._segmenter.reset()
        self._matte.reset()
        self.pyramid = Pyramid()
        self._cutout = self.mask = None
