"""The input format of a network, and the meaning of its output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import Mask

Floats: TypeAlias = npt.NDArray[np.float32]
Layout: TypeAlias = Literal["nchw", "nhwc"]
Activation: TypeAlias = Literal["none", "sigmoid", "softmax"]
Colors: TypeAlias = Literal["rgb", "bgr"]
Polarity: TypeAlias = Literal["person", "background"]


@dataclass(frozen=True)
class Form:
    """The format of a network's pictures and masks.

    Attributes:
        width: Of the picture, pixels.
        height: Of the picture, pixels.
        low: The value that a channel's 0 is mapped to.
        high: The value that 255 is mapped to.
        mean: Of each channel, subtracted from that.
        deviation: Of each channel, by which it is then divided.
        colors: Order of the channels.
        layout: Order of the dimensions, of pictures and of masks.
        input: Name of the picture's tensor; "" for the first.
        output: Name of the mask's tensor; "" for the first.
        channel: Of the output, which is the mask; below 0 counted from the end.
        activation: The function that maps the output to 0..1.
        polarity: Whether the person or the background is 1.
        recurrent: Inputs that take the previous picture's outputs: (input, output).
        constants: Inputs with constant values.
    """

    width: int
    height: int
    low: float = 0.0
    high: float = 1.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    deviation: tuple[float, float, float] = (1.0, 1.0, 1.0)
    colors: Colors = "rgb"
    layout: Layout = "nchw"
    input: str = ""
    output: str = ""
    channel: int = 0
    activation: Activation = "none"
    polarity: Polarity = "person"
    recurrent: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, tuple[float, ...]], ...] = ()

    def picture(self, image: npt.NDArray[np.uint8]) -> Floats:
        """The tensor for uint8 (h, w, 3), BGR: float32 (1, 3, h, w) or (1, h, w, 3)."""
        if self.colors == "rgb":
            image = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
        deviation = np.asarray(self.deviation, np.float32)
        scale = np.float32((self.high - self.low) / 255) / deviation
        offset = (np.float32(self.low) - np.asarray(self.mean, np.float32)) / deviation
        floats = image * scale + offset
        if self.layout == "nchw":
            floats = floats.transpose(2, 0, 1)
        return np.ascontiguousarray(floats[np.newaxis], np.float32)

    def mask(self, output: npt.NDArray[np.float32]) -> Mask:
        """The mask, float32 (mh, mw), that an output of one to four dimensions means.

        Raises:
            ValueError: It does not have the dimensions of a mask.
        """
        planes = self._planes(output)
        if not -len(planes) <= self.channel < len(planes):
            raise ValueError(f"it has {len(planes)} channels, and channel {self.channel} is wanted")
        if self.activation == "softmax":
            powers = np.exp(planes - planes.max(0))
            mask = powers[self.channel] / powers.sum(0)
        else:
            mask = planes[self.channel]
        if self.activation == "sigmoid":
            mask = 1 / (1 + np.exp(-mask))
        if self.polarity == "background":
            mask = 1 - mask
        return np.ascontiguousarray(mask, np.float32)

    def _planes(self, output: npt.NDArray[np.float32]) -> Floats:
        """The output's channels: float32 (channels, mh, mw)."""
        planes = np.asarray(output, np.float32)
        if planes.ndim == 4 and planes.shape[0] == 1:
            planes = planes[0]
            if self.layout == "nhwc":
                planes = planes.transpose(2, 0, 1)
        elif planes.ndim == 3 and planes.shape[0] == 1:
            pass
        elif planes.ndim == 2:
            planes = planes[np.newaxis]
        else:
            raise ValueError(f"it gives {planes.shape}, which is no mask of one picture")
        return planes
