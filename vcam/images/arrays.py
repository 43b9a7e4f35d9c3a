"""Validation of the arrays given to the public API."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypeGuard, get_args

import numpy as np
import numpy.typing as npt

from vcam.images.types import Image

Picture: TypeAlias = npt.NDArray[Any]
"""A picture in colour: uint8 (h, w, 3), contiguous or not."""

Order: TypeAlias = Literal["bgr", "rgb"]
"""The channel order of pictures: OpenCV's, or everybody else's."""


def check_order(order: str) -> None:
    """Refuse anything but a channel order.

    Raises:
        ValueError: It is none.
    """
    if order not in get_args(Order):
        raise ValueError(f'order must be "bgr" or "rgb", not {order!r}')


def in_order(picture: Picture, order: Order) -> Image:
    """Convert a picture in that order to BGR, or back; an alpha channel stays last."""
    if order == "bgr":
        return np.asarray(picture, np.uint8)
    channels = [2, 1, 0, 3][: picture.shape[2]]
    return np.ascontiguousarray(picture[..., channels], np.uint8)


def check_frame(frame: object) -> None:
    """Refuse anything but uint8 (h, w, 3).

    Raises:
        ValueError: It says what it is instead.
    """
    if not is_bytes(frame) or not _has_channels(frame.shape, (3,)):
        hint = "; cv2.imread gives None for what it cannot read" if frame is None else ""
        raise ValueError(f"frame must be uint8 (h, w, 3), not {described(frame)}{hint}")


def check_picture(picture: object) -> None:
    """Refuse anything but uint8 (h, w, 3) or, with an alpha, (h, w, 4).

    Raises:
        ValueError: It says what it is instead.
    """
    if not is_bytes(picture) or not _has_channels(picture.shape, (3, 4)):
        wanted = "uint8 (h, w, 3) or (h, w, 4)"
        raise ValueError(f"picture must be {wanted}, not {described(picture)}")


def check_alpha(alpha: object, shape: tuple[int, ...]) -> None:
    """Refuse anything but uint8 or float32 of that shape, without NaNs.

    Raises:
        ValueError: It says what it is instead.
    """
    if not isinstance(alpha, np.ndarray) or alpha.dtype not in (np.uint8, np.float32):
        raise ValueError(f"alpha must be uint8 or float32 {shape}, not {described(alpha)}")
    if alpha.shape != shape:
        raise ValueError(f"alpha must be uint8 or float32 {shape}, not {described(alpha)}")
    if not np.isfinite(alpha).all():
        raise ValueError(f"alpha must be float32 {shape} in 0..1, not with values like nan and inf")


def is_bytes(value: object) -> TypeGuard[npt.NDArray[np.uint8]]:
    """Whether it is an array of uint8."""
    return isinstance(value, np.ndarray) and value.dtype == np.uint8


def described(value: object) -> str:
    """A description of a value, for a message."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    return "None" if value is None else f"of type {type(value).__name__}"


def _has_channels(shape: tuple[int, ...], channels: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[2] in channels and 0 not in shape
