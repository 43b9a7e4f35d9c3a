"""A renderer that is fed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from vcam.backgrounds.still import Still
from vcam.framing import Framing
from vcam.images.types import I420, Frame, Image, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.clock import seconds
from vcam.realtime.renderer import Finished, Renderer
from vcam.realtime.slot import Latest
from vcam.segmenters.fake import FakeSegmenter

W, H = 32, 18
ROOM: Image = np.full((H, W, 3), 200, np.uint8)
ALL: Mask = np.ones((9, 16), np.float32)
BACKGROUND = Still.plain(W, H, (0, 0, 0))


class Coverless(Still):
    """Has nothing to show for its first frames, and cannot be closed."""

    fails = 6  # more than there are buffers

    def cover(self, time: float) -> I420:
        self.fails -= 1
        if self.fails >= 0:
            raise RuntimeError("no cover")
        return super().cover(time)

    def close(self) -> None:
        raise RuntimeError("cannot be closed")


class Closings(Still):
    """Counts them."""

    count = 0

    def close(self) -> None:
        self.count += 1


def pipeline(segmenter: FakeSegmenter, background: Still = BACKGROUND) -> Pipeline:
    return Pipeline(Framing(W, H), segmenter, Matte(), background, Compositor(W, H), W, H)


def moved(number: int) -> Image:
    """A picture in which something is elsewhere than in the one before."""
    image = ROOM.copy()
    image[:, 8 * (number % 4) :][:, :8] = 0
    return image


class Rig:
    """A renderer that is fed by hand."""

    def __init__(self, stages: Pipeline) -> None:
        self.frames: Latest[Frame] = Latest()
        self.renderer = Renderer(lambda: stages, self.frames, 1e6, W, H)

    def render(
        self, captured: float | None = None, patience: float = 60.0, image: Image = ROOM
    ) -> Finished | None:
        self.frames.put(Frame(image, seconds() if captured is None else captured))
        finished = self.renderer.finished.take(patience)
        if finished is not None:
            self.renderer.give_back(finished.frame)
        return finished


@contextmanager
def rig(stages: Pipeline) -> Iterator[Rig]:
    made = Rig(stages)
    made.renderer.start()
    try:
        yield made
    finally:
        made.renderer.stop()
        assert made.renderer.join(60)
