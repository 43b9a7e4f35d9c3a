"""The protocol of segmenters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # looking at models needs no OpenCV
    from vcam.images.pyramid import Pyramid
    from vcam.images.types import Mask


class Segmenter(Protocol):
    """Finds the person in a stream's pictures, with or without memory of earlier ones.

    One thread makes all calls. One that wants something of the user also has an attribute
    `notice`, one that needs more than one look an attribute `is_settled`, one that
    knows a coloured sheet behind the person `spill`: see the functions of those names.
    """

    @property
    def progress(self) -> float:
        """Progress of learning the scene, 0..1; 1 for those that need not learn."""

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """Find the person in the stream's newest picture.

        Args:
            pyramid: That picture; its size may change between calls.
            time: Seconds on a clock that never runs backwards.

        Returns:
            float32 (mh, mw) in 0..1 at the segmenter's own size, 1 = person, covering the whole
            picture. It belongs to the caller until the next call, which may return the same array
            again if the picture was not evaluated. None while the segmenter has no answer: nothing
            of the picture may be shown then.

        Raises:
            SegmenterError: It failed on this frame; the next may succeed.
        """

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Called instead of `segment` for a picture that looks like the one before.

        Args:
            pyramid: That picture.
            time: As for `segment`.
        """

    def reset(self) -> None:
        """Forget all earlier frames."""

    def close(self) -> None:
        """Free its resources."""


def can_save(segmenter: Segmenter | None) -> bool:
    """Whether it can do without what costs it most: then it has an attribute `saves`."""
    return hasattr(segmenter, "saves")


def save(segmenter: Segmenter | None, saves: bool) -> None:
    """Have it do so from the next picture on, or not."""
    if can_save(segmenter):
        setattr(segmenter, "saves", saves)  # noqa: B010 - few have it


def notice(segmenter: Segmenter) -> str:
    """What the user should know or do now, such as step out of the picture; usually empty."""
    return str(getattr(segmenter, "notice", ""))


def is_settled(segmenter: Segmenter) -> bool:
    """Whether further pictures that look the same would not change its answer."""
    return bool(getattr(segmenter, "is_settled", True))


class Spill(NamedTuple):
    """The light of a coloured sheet on whoever is before it.

    Attributes:
        u: The sheet's chroma, in levels of I420 from grey on.
        v: Likewise.
        strength: How much of it is taken out, 0 to 1.
    """

    u: float
    v: float
    strength: float


def spill(segmenter: Segmenter) -> Spill | None:
    """What a sheet behind the person does to their colours, where it knows of one."""
    found: Spill | None = getattr(segmenter, "spill", None)
    return found
