"""Serialising a look and the bridge's state for the preview of a running vcam."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vcam.images.resizing import shrink
from vcam.images.types import I420, Image
from vcam.realtime.tap import PARTS, Look, small_size
from vcam.service.messages import Answer

_MOST = 1 << 13
"""Largest width and height accepted, pixels."""


@dataclass(frozen=True)
class PreviewFrame:
    """What a preview shows.

    Attributes:
        look: The pictures.
        state: The bridge's state, as in `vcam status`.
        asked: When it was requested, in the client's `time.monotonic`.
    """

    look: Look
    state: Mapping[str, Any]
    asked: float = 0.0


def asked_parts(request: Mapping[str, Any]) -> frozenset[str]:
    """The valid parts that a request asks for."""
    parts = request.get("parts")
    return frozenset(PARTS).intersection(map(str, parts if isinstance(parts, list) else ()))


def asked_number(request: Mapping[str, Any]) -> int:
    """The number of the look that the client already has."""
    number = request.get("after")
    return number if isinstance(number, int) else 0


def packed(view: PreviewFrame) -> Answer:
    """The view as an answer, with uncompressed pictures, which costs less than encoding them."""
    shapes: dict[str, list[int]] = {}
    data: list[bytes] = []
    for part in PARTS:
        picture = getattr(view.look, part)
        if picture is None:
            continue
        if isinstance(picture, I420):
            shapes[part] = [picture.height, picture.width]
            data.append(picture.data.tobytes())
        else:
            small = _small(picture) if picture.ndim == 3 else picture
            shapes[part] = list(small.shape)
            data.append(small.tobytes())
    look = {"number": view.look.number, "captured": view.look.captured, "shapes": shapes}
    return Answer({**view.state, "look": look}, b"".join(data))


def unpacked(answer: Answer) -> PreviewFrame:
    """The view that was packed.

    Raises:
        ValueError, TypeError, LookupError: It is none.
    """
    state = dict(answer.result)
    look = state.pop("look")
    parts, start = {}, 0
    for part in PARTS:
        shape = look["shapes"].get(part)
        if shape is None:
            continue
        parts[part], start = _picture(part, _checked(shape), answer.data, start)
    return PreviewFrame(Look(int(look["number"]), float(look["captured"]), **parts), state)


def _picture(part: str, shape: tuple[int, ...], data: bytes, start: int) -> tuple[Any, int]:
    """The picture at `start`, and where the next one begins."""
    if part in ("seen", "behind"):
        height, width = shape
        rest = np.frombuffer(data, np.uint8, offset=start)
        picture = I420(width, height, rest)
        return picture, start + picture.data.size
    size = math.prod(shape)
    return np.frombuffer(data, np.uint8, size, start).reshape(shape), start + size


def _checked(shape: Any) -> tuple[int, ...]:
    if not all(isinstance(side, int) and 0 < side <= _MOST for side in shape):
        raise ValueError(f"a picture of {shape} pixels")
    return tuple(shape)


def _small(image: Image) -> Image:
    height, width = image.shape[:2]
    return shrink(image, *small_size(width, height))
