"""A matting network's finer outline round the people whom other networks have found."""

from __future__ import annotations

import logging
import os

import cv2
import numpy as np

from vcam.errors import SegmenterError
from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask
from vcam.segmenters import models
from vcam.segmenters.base import Segmenter
from vcam.segmenters.closer import whole_pieces
from vcam.segmenters.crop import Crop
from vcam.segmenters.engines import Engine
from vcam.segmenters.engines.form import Form
from vcam.segmenters.engines.onnx import OnnxEngine, check_installed
from vcam.segmenters.filtering import OnTop
from vcam.segmenters.looking import look
from vcam.segmenters.people import find_people

logger = logging.getLogger(__name__)

_BAND = 0.02
"""Of the picture's width: how far from the outline the matting network has a say."""
_THICK = 0.03
"""Of the picture's width: what is wider than that and seen by the matting network alone is no edge
but the room."""
_LOST = 0.0125
"""The same of what it alone does not see: glasses beside a face, a finger."""
_STIRS = 0.002
"""Share of the picture that has moved from which the network's last matte is carried along."""
_SURE, _NOT = 0.7, 0.4


_MODNET = Form(256, 256, low=-1, high=1)
_MOST_THREADS = 4
"""More hardly make it quicker, and a call needs processors too."""


def make_matting_engine() -> Engine:
    """The matting network, on some of the processors.

    Raises:
        ModelError: Its file is missing or of no use.
        PlatformError: ONNX Runtime is missing.
    """
    check_installed()
    models.check(models.MODNET)
    threads = min(_MOST_THREADS, max(1, (os.cpu_count() or 1) // 2))
    return OnnxEngine(models.MODNET.path, _MODNET, threads)


class StudioSegmenter(OnTop):
    """Draws the outline of somebody's mask anew; implements `Segmenter`.

    The segmenter decides who is there. In a narrow band round the outline of what it finds a
    matting network has the word, which sees hair and fingers better and rooms worse; where it
    has lost a piece of somebody, or takes one of the room for them, it has none.

    Args:
        segmenter: Finds the people.
        network: Gives their mattes.

    Attributes:
        saves: Whether to leave the outlines as they are.
    """

    def __init__(self, segmenter: Segmenter, network: Engine) -> None:
        super().__init__(segmenter)
        self._network = network
        self._crop: Crop | None = None
        self._found: Mask | None = None
        self._fine: Mask | None = None
        self._drawn: Mask = np.empty((0, 0), np.float32)
        self._has_failed = False
        self.saves = False

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The segmenter's mask with finer edges.

        Raises:
            SegmenterError: The segmenter failed; if the matting network does, the mask is as it is.
        """
        found = self._segmenter.segment(pyramid, time)
        if found is None or self.saves:
            self._forget()
            return found
        if found is not self._found or self._drawn.shape != found.shape:
            self._fine = self._see(found, pyramid)
            self._drawn = np.empty_like(found)  # the same array once more says: not looked anew
        elif self._fine is not None and pyramid.motion.mean() >= _STIRS:
            self._fine = pyramid.carry(self._fine)  # as the segmenter has done with its mask
        self._found = found
        np.copyto(self._drawn, found)
        if self._fine is not None:
            _redraw(self._drawn, self._fine)
        return self._drawn

    def _see(self, mask: Mask, pyramid: Pyramid) -> Mask | None:
        """The matting network's own mask, as large as `mask`; None where there is none."""
        people = find_people(mask)
        if people is None or mask.shape != pyramid.small.shape[:2]:
            self._crop = None
            return None
        height, width = pyramid.image.shape[:2]
        if self._crop is None or self._crop.proportions != width / height:
            self._crop = Crop.round(people.region, width / height)
        else:
            self._crop.follow(people.region)
        try:
            return look(self._network, pyramid, self._crop.region)
        except SegmenterError as error:
            if not self._has_failed:
                logger.warning("edges are drawn without the studio's network: %s", error)
            self._has_failed = True
            return None

    def reset(self) -> None:
        """Forget where the people were."""
        self._segmenter.reset()
        self._forget()

    def _forget(self) -> None:
        self._crop = self._found = self._fine = None

    def close(self) -> None:
        """Free the networks."""
        super().close()
        self._network.close()


def _redraw(mask: Mask, fine: Mask) -> None:
    """Draw the outline in `mask` as `fine` has it, in place; both float32 (h, w) in 0..1."""
    width = mask.shape[1]
    reach = max(1, round(_BAND * width))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    body = (mask > 0.5).view(np.uint8)
    band = cv2.morphologyEx(body, cv2.MORPH_GRADIENT, disc)
    lost = whole_pieces((mask > _SURE) & (fine < _NOT), _LOST * width)
    added = whole_pieces((fine > _SURE) & (mask < _NOT), _THICK * width)
    band[lost | added] = 0
    weights = cv2.blur(band.astype(np.float32), (5, 5))
    mask += weights * (fine - mask)
