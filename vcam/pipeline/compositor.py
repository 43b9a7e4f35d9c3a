"""Alpha-blending in planar I420, 8 bit."""

from __future__ import annotations

import cv2
import numpy as np

from vcam import native
from vcam.images.resizing import halve
from vcam.images.types import I420, Box, Cutout, Image, Layer, Plane


class Compositor:
    """Blends the person over the background, touching only the region with the person.

    Its buffers are allocated once.

    Args:
        width: Of all pictures, pixels; may be odd.
        height: Of all pictures, pixels; may be odd.
    """

    def __init__(self, width: int, height: int) -> None:
        self._fore = I420(width, height)
        self._inverse = I420(width, height)
        self._back = I420(width, height)
        self._chroma_alpha: Plane = np.empty(self._fore.u.size, np.uint8)

    def lift(self, image: Image, cutout: Cutout, picture: I420 | None = None) -> Layer | None:
        """The part of `image` that `cutout` shows, ready to blend; None if it shows nothing.

        Args:
            image: The camera's frame, uint8 (height, width, 3), BGR.
            cutout: The alpha of that same frame.
            picture: `image` in I420, if it has been converted already.

        Returns:
            Valid until the next call. A chroma sample's alpha is the mean of its pixels'
            alphas, in 8 bit.
        """
        box = cutout.box
        if box is None:
            return None
        alpha = cutout.alpha[box.area]
        fore = I420(box.width, box.height, self._fore.data)
        if picture is None:
            fore.load_bgr(image[box.area])
        else:
            for plane, part in zip(fore.planes, _part(picture, box), strict=True):
                plane[:] = part
        chroma_alpha = self._chroma_alpha[: fore.u.size].reshape(fore.u.shape)
        halve(alpha, chroma_alpha)
        return Layer(box, *fore.planes, alpha, chroma_alpha)

    def compose(self, layer: Layer | None, background: I420, out: I420) -> None:
        """Write `layer` * alpha + `background` * (1 - alpha) to `out`.

        Exact within one level of the real-valued result in every plane; exact at alpha 0 and
        255.

        Args:
            layer: The person; None for the background alone.
            background: What stands behind; not changed.
            out: Where the result goes; none of the others.
        """
        out.copy_from(background)
        if layer is None:
            return
        for a, f, o, inverse, back in zip(
            layer.alphas,
            layer.planes,
            _part(out, layer.box),
            self._inverse.planes,
            self._back.planes,
            strict=True,
        ):
            _blend(a, f, o, _like(inverse, o), _like(back, o))


def _part(picture: I420, box: Box) -> tuple[Plane, Plane, Plane]:
    y, u, v = picture.planes
    return y[box.area], u[box.chroma_area], v[box.chroma_area]


def _like(buffer: Plane, plane: Plane) -> Plane:
    return buffer[: plane.shape[0], : plane.shape[1]]


def _blend(alpha: Plane, fore: Plane, out: Plane, inverse: Plane, back: Plane) -> None:
    """Blend `fore` over what is in `out`; off by 1 at most."""
    library = native.library()
    if library is not None:
        library.vcam_blend(
            native.data(alpha), alpha.strides[0], native.data(fore), fore.strides[0],
            native.data(out), out.strides[0], out.shape[1], out.shape[0],
        )  # fmt: skip
        return
    cv2.bitwise_not(alpha, dst=inverse)
    cv2.multiply(out, inverse, dst=back, scale=1 / 255)
    cv2.multiply(fore, alpha, dst=out, scale=1 / 255)
    cv2.add(out, back, dst=out)
