"""What the pipeline reports about a frame it has finished."""

from __future__ import annotations

from dataclasses import dataclass, field

from vcam.images.types import I420, Alpha, Image, Layer, Mask
from vcam.pipeline.advice import Advice


@dataclass(frozen=True)
class Layers:
    """The layers of a finished frame. The arrays are valid until the next frame.

    Attributes:
        image: The camera's picture, uint8 (h, w, 3), BGR; the whole of it, before any zoom.
        mask: The segmenter's raw mask, float32 (mh, mw) in 0..1; None if it gave none.
        alpha: The refined mask, uint8 (h, w), for the whole picture; None if there is none.
        behind: The background without the person; None where there is none.
        person: The finished person as blended over it; None if there is nobody.
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
        error: Why only that is shown, if something failed.
        notice: What the user should know or do.
        advice: What the user can do for a better picture.
        layers: What the frame was made of. None if it does not show the person: a preview never
            sees more than viewers do.
    """

    shows_person: bool
    progress: float = 1.0
    error: str = ""
    notice: str = ""
    advice: Advice | None = None
    layers: Layers | None = field(default=None, compare=False, repr=False)
