"""What the pipeline says of a frame that it has finished."""

from __future__ import annotations

from dataclasses import dataclass, field

from vcam.images.types import I420, Alpha, Image, Layer, Mask


@dataclass(frozen=True)
class Layers:
    """What a finished frame was made of. The arrays are valid until the next frame.

    Attributes:
        image: The camera's picture, uint8 (h, w, 3), BGR; the whole of it, before any zoom.
        mask: The segmenter's raw answer, float32 (mh, mw) in 0..1; None where it gave none.
        alpha: What the matte made of it, uint8 (h, w), for the whole picture; None where there
            is none.
        behind: The background without the person; None where there is none.
        person: The finished person as blended before it; None where nobody is.
    """

    image: Image
    mask: Mask | None = None
    alpha: Alpha | None = None
    behind: I420 | None = None
    person: Layer | None = None


@dataclass(frozen=True)
class Rendered:
    """How a frame went.

    Attributes:
        shows_person: False where the frame is the background or the placeholder alone.
        progress: How far the segmenter has learnt, 0..1.
        error: Why there is only that, where something failed.
        notice: What the user should know or do.
        layers: What the frame was made of. None where it does not show the person: what viewers
            do not see, who looks on does not see either.
    """

    shows_person: bool
    progress: float = 1.0
    error: str = ""
    notice: str = ""
    layers: Layers | None = field(default=None, compare=False, repr=False)
