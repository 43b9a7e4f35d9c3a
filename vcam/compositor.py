"""Alpha-blending in planar I420, 8 bit."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.frames import I420, Alpha, Image, Plane


class Compositor:
    """Puts the person before the background. Its buffers are made once.

    Args:
        width: Of all pictures, pixels; may be odd.
        height: Of all pictures, pixels; may be odd.
    """

    def __init__(self, width: int, height: int) -> None:
        half = ((width + 1) // 2, (height + 1) // 2)
        self._half = half
        self._chroma_alpha: Plane = np.empty(half[::-1], np.uint8)
        self._luma = _PlaneBlend(width, height)
        self._chroma = _PlaneBlend(*half)

    def load(self, image: Image, picture: I420) -> None:
        """Convert the camera's `image`, uint8 (height, width, 3) BGR, into `picture`."""
        picture.load_bgr(image)

    def blend(self, picture: I420, alpha: Alpha, background: I420, out: I420) -> None:
        """Write `picture` * alpha + `background` * (1 - alpha) to `out`.

        Exact within one level of the real-valued result in every plane; exact at alpha 0 and
        255. A chroma sample's alpha is the mean of its pixels' alphas, in 8 bit.

        Args:
            picture: The camera's frame.
            alpha: uint8 (height, width), 255 = all of `picture`.
            background: What stands behind; not changed.
            out: Where the result goes; neither of the others.
        """
        self._luma.blend(picture.y, alpha, background.y, out.y)
        self._shrink(alpha)
        for fore, back, target in zip(
            picture.planes[1:], background.planes[1:], out.planes[1:], strict=True
        ):
            self._chroma.blend(fore, self._chroma_alpha, back, target)

    def _shrink(self, alpha: Alpha) -> None:
        height, width = alpha.shape
        if height % 2 or width % 2:  # the last row or column of chroma stands for one of luma
            padded = cv2.copyMakeBorder(alpha, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
            alpha = np.asarray(padded, np.uint8)
        cv2.resize(alpha, self._half, dst=self._chroma_alpha, interpolation=cv2.INTER_AREA)


class _PlaneBlend:
    """Blends planes of one size; each product is rounded, so the sum is off by 1 at most."""

    def __init__(self, width: int, height: int) -> None:
        self._inverse: Plane = np.empty((height, width), np.uint8)
        self._back: Plane = np.empty((height, width), np.uint8)

    def blend(self, fore: Plane, alpha: Plane, back: Plane, out: Plane) -> None:
        cv2.bitwise_not(alpha, dst=self._inverse)
        cv2.multiply(fore, alpha, dst=out, scale=1 / 255)
        cv2.multiply(back, self._inverse, dst=self._back, scale=1 / 255)
        cv2.add(out, self._back, dst=out)
