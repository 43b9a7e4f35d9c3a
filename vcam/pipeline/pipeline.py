"""One frame's way, from the camera's picture to the finished frame.

    image ─▶ Framing ─▶ Segmenter ─▶ Matte ─▶ Framing ─▶ Background ─▶ Finish ─▶ Compositor ─▶ Front
              whole                   alpha    zoomed

It fails closed: a picture reaches the compositor only together with an alpha of that same picture,
or of one that looked the same: at most 0.7 s older, and less than 0.05 % of the picture has changed
since (see `Cutter`). Without one the frame shows nothing of the room: first the background's cover,
and the placeholder if that lasts.
"""

from __future__ import annotations

import logging
from typing import Literal, TypeAlias

import cv2

from vcam.backgrounds.base import Background
from vcam.errors import BackgroundError, SegmenterError
from vcam.finish.base import Finish
from vcam.finish.despill import remove_spill
from vcam.framing import WHOLE, Framing, View
from vcam.images.pyramid import Pyramid
from vcam.images.types import I420, Alpha, Frame, Image
from vcam.matte import Matte
from vcam.pipeline.advice import Adviser
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.cutter import Cutter
from vcam.pipeline.front import Front
from vcam.pipeline.rendered import Layers, Rendered
from vcam.segmenters.base import Segmenter, can_save, notice, save, spill

logger = logging.getLogger(__name__)

Shows: TypeAlias = Literal["person", "mask", "room"]
"""What viewers see: the person in front of the background; the matte, white on black; or the whole
camera picture."""

SEGMENTER_SAVES, MATTE_SAVES = "matte.quality balanced", "half detail"
"""The savings there are, in words for the user."""

PATIENCE_SECONDS = 1.0
"""A stage must fail for longer than this before the placeholder is shown: a card must not flash."""


class Pipeline:
    """The stages in their order, for frames of one size. One thread uses it.

    Args:
        framing: Crops, turns and zooms to the output's size.
        segmenter: Finds the person; None only if the room is shown.
        matte: Turns the segmenter's mask into alpha.
        background: The background stage.
        compositor: Blends the two.
        width: Of the output, pixels.
        height: Of the output, pixels.
        finish: Effects applied to the person before blending; none by default.
        front: The overlay and the placeholder; neither by default.
        lighter: A cheaper matte, used while the computer cannot keep up; None if there is none.
        shows: What viewers see. In every mode, if segmentation was not possible they see the
            background or the placeholder.
        adaptive: Whether a segmenter with a cheaper mode may use it while the computer cannot keep
            up.

    Attributes:
        framing: As given.
        segmenter: As given.
        background: As given.
        front: As given.
    """

    def __init__(
        self,
        framing: Framing,
        segmenter: Segmenter | None,
        matte: Matte,
        background: Background,
        compositor: Compositor,
        width: int,
        height: int,
        finish: Finish | None = None,
        front: Front | None = None,
        lighter: Matte | None = None,
        shows: Shows = "person",
        adaptive: bool = True,
    ) -> None:
        if segmenter is None and shows != "room":
            raise ValueError("without a segmenter nothing can hide the room")
        self.framing = framing
        self.segmenter = segmenter
        self._cutter = None if segmenter is None else Cutter(segmenter, matte)
        self.background = background
        self._compositor = compositor
        self._finish = finish or Finish()
        self.front = front or Front()
        self._matte, self._lighter = matte, lighter
        self._shows = shows
        self._adaptive = adaptive
        self._picture = I420(width, height)
        self._failing_since: float | None = None
        self._adviser = Adviser()

    def render(self, frame: Frame, out: I420) -> Rendered:
        """Write the finished frame to `out`, whichever stage fails."""
        rendered = self._render_or_cover(frame, out)
        self.front.draw(out)
        return rendered

    def _render_or_cover(self, frame: Frame, out: I420) -> Rendered:
        try:
            rendered = self._render(frame, out)
        except (SegmenterError, BackgroundError) as error:
            problem = str(error)
        except Exception as error:  # a bug must not show the room or end the call
            logger.exception("a frame could not be rendered")
            problem = f"a frame could not be rendered ({error!r})"
        else:
            self._failing_since = None
            return rendered
        if self._failing_since is None:
            self._failing_since = frame.captured
        lasts = frame.captured - self._failing_since >= PATIENCE_SECONDS
        out.copy_from(self._placeholder(frame) if lasts else self.background.cover(frame.captured))
        return Rendered(False, error=problem)

    def _render(self, frame: Frame, out: I420) -> Rendered:
        image = self.framing.fit(frame.image)
        if self.framing.has_moved:  # the learnt room has moved within the picture
            self.relearn()
        if self.segmenter is None or self._cutter is None:
            self._show_room(frame, image, self.framing.view(None, frame.captured), out)
            return Rendered(True, layers=Layers(image))
        cutout = self._cutter.cut(image, frame.captured)
        if cutout is None:
            out.copy_from(self._placeholder(frame))
            return self._without_person(self.segmenter)
        if self._cutter.mask is not None:
            self._adviser.look(self._cutter.pyramid, self._cutter.mask, frame.captured)
        cutout = self.framing.keep(cutout)
        whole = cutout.alpha
        view = self.framing.view(cutout.alpha, frame.captured)
        if self._shows == "room":
            self._show_room(frame, image, view, out)
            return self._shown(Layers(image, self._cutter.mask, whole))
        if self._shows == "mask":
            _show_mask(whole if view == WHOLE else self.framing.zoom(cutout, view).alpha, out)
            return self._shown(Layers(image, self._cutter.mask, whole))
        if view == WHOLE:
            picture = self._room(self._cutter.pyramid)
        else:
            cutout = self.framing.zoom(cutout, view)
            picture = self.framing.cut(frame.image, view)
        behind = self.background.paint(picture, cutout.alpha, frame.captured)
        layer = self._compositor.lift(image, cutout, None if view == WHOLE else picture)
        if layer is not None:
            light = spill(self.segmenter)
            if light is not None:
                remove_spill(layer, light)
            self._finish.polish(layer, behind, frame.captured)
        self._compositor.compose(layer, behind, out)
        return self._shown(Layers(image, self._cutter.mask, whole, behind, layer))

    def _shown(self, layers: Layers) -> Rendered:
        return Rendered(True, layers=layers, advice=self._adviser.advice)

    def _placeholder(self, frame: Frame) -> I420:
        return self.front.card or self.background.cover(frame.captured)

    @staticmethod
    def _without_person(segmenter: Segmenter) -> Rendered:
        """The result for a frame that the segmenter could not judge."""
        wanted = notice(segmenter)
        if segmenter.progress < 1:
            return Rendered(False, segmenter.progress, notice=wanted)
        return Rendered(False, error=wanted)

    def _room(self, pyramid: Pyramid) -> I420:
        """The whole picture for backgrounds that are made from it, as small as they accept."""
        width = self.background.room_width
        if width:
            image = pyramid.at_least(width)
            if image.shape[:2] != self._picture.y.shape:
                self._picture = I420(image.shape[1], image.shape[0])
            self._picture.load_bgr(image)
        return self._picture

    def _show_room(self, frame: Frame, image: Image, view: View, out: I420) -> None:
        if view == WHOLE:
            out.load_bgr(image)
        else:
            out.copy_from(self.framing.cut(frame.image, view))

    @property
    def savings(self) -> tuple[str, ...]:
        """The savings there are, in order, in words for the user."""
        savings = (SEGMENTER_SAVES,) if self._adaptive and can_save(self.segmenter) else ()
        return savings if self._lighter is None else (*savings, MATTE_SAVES)

    def save(self, level: int) -> None:
        """Apply the first `level` of `savings` from the next frame on; 0: as configured."""
        chosen = self.savings[:level]
        save(self.segmenter, SEGMENTER_SAVES in chosen)
        if self._cutter is not None:
            lighter = self._lighter if MATTE_SAVES in chosen else None
            self._cutter.go_over_to(lighter or self._matte)

    def relearn(self) -> None:
        """Reset what segmenter and framing have learnt."""
        self.framing.reset()
        if self._cutter is not None:
            self._cutter.reset()

    def close(self, keep: Pipeline | None = None) -> None:
        """Free the stages, except those that are also part of `keep`."""
        if self.segmenter is not None and (keep is None or keep.segmenter is not self.segmenter):
            self.segmenter.close()
        if keep is None or keep.background is not self.background:
            self.background.close()


def _show_mask(alpha: Alpha, out: I420) -> None:
    """The matte, white on black in limited range, with nothing of the camera's picture."""
    cv2.convertScaleAbs(alpha, dst=out.y, alpha=219 / 255, beta=16)
    out.u[:] = out.v[:] = 128
