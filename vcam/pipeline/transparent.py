"""The person on a transparent background: a picture with an alpha."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.config import Config
from vcam.config.schema.finish import FinishConfig, OverlayConfig
from vcam.finish.bleed import bleed
from vcam.images.types import I420, Alpha, Image, Layer

_BLACK, _GREY = 16, 128
"""Luma and chroma outside the person, in limited range."""


class TransparentFrame:
    """A frame with only the person; reused from frame to frame.

    Args:
        width: Pixels.
        height: Pixels.

    Attributes:
        picture: The person's own colours; nothing of the room, not even where `alpha` is 0.
        alpha: uint8 (h, w), straight: `picture` is not premultiplied.
    """

    def __init__(self, width: int, height: int) -> None:
        self.picture = I420(width, height)
        self.alpha: Alpha = np.zeros((height, width), np.uint8)

    def load(self, layer: Layer | None) -> None:
        """Take the finished person; None if there is nobody."""
        for plane, neutral in zip(self.picture.planes, (_BLACK, _GREY, _GREY), strict=True):
            plane[:] = neutral
        self.alpha[:] = 0
        if layer is None:
            return
        box = layer.box
        self.alpha[box.area] = layer.alpha
        areas = (box.area, box.chroma_area, box.chroma_area)
        neutrals = (_BLACK, _GREY, _GREY)
        for target, area, plane, alpha, neutral in zip(
            self.picture.planes, areas, layer.planes, layer.alphas, neutrals, strict=True
        ):
            bleed(plane, alpha, neutral)
            target[area] = plane

    def to_bgra(self) -> Image:
        """The frame as a picture file takes it: a new uint8 (h, w, 4)."""
        bgra = cv2.cvtColor(self.picture.to_bgr(), cv2.COLOR_BGR2BGRA)
        bgra[..., 3] = self.alpha
        return np.asarray(bgra, np.uint8)


def is_transparent(config: Config) -> bool:
    """Whether the background is transparent."""
    return config.background.type == "transparent"


def before_nothing(config: Config) -> Config:
    """The configuration without what depends on the background or is drawn beside the person."""
    background = config.background.model_copy(update={"type": "color", "color": (0, 0, 0)})
    plain: dict[str, object] = {"light_wrap": 0.0, "color_match": 0.0, "overlay": OverlayConfig()}
    finish: FinishConfig = config.finish.model_copy(update=plain)
    return config.model_copy(update={"background": background, "finish": finish})
