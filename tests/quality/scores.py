"""How far a matte is from the true one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from tests.quality.sequences import Moment
from vcam.images.types import Alpha, Image

_Floats: TypeAlias = npt.NDArray[np.floating[Any]]
_Bools: TypeAlias = npt.NDArray[np.bool_]

_LEAST = 0.1
"""Per mille: a score that is less is not compared with itself."""
_REFERENCE = 1280
"""Distances in pixels are those of a picture so wide; they grow with it."""


@dataclass(frozen=True)
class Scores:
    """Means over a sequence; less is better but for `edge`. All per mille of alpha but that.

    Attributes:
        mad: Mean absolute difference.
        edge: Boundary F measure within 3 pixels of 1280 (Martin et al. 2004), 0 to 1.
        leak: Alpha where the true one is 0: the room that shows.
        far: The same more than 40 pixels of 1280 from anybody.
        hole: What is missing where the true one is 1.
        flicker: Change of the error from one frame to the next.
    """

    mad: float
    edge: float
    leak: float
    far: float
    hole: float
    flicker: float


NAMES = tuple(field.name for field in fields(Scores))


def scored(
    find: Callable[[Image], Alpha], moments: Iterable[Moment], width: int | None = None
) -> Scores:
    """The scores of what `find` makes of each picture.

    Args:
        find: Gives a picture's alpha.
        moments: Pictures and their true alpha.
        width: Reduce both to so many pixels before they are compared. Widths are comparable at
            one width only: the true outline of a larger picture is sharper.
    """
    rows: list[list[float]] = []
    before: _Floats | None = None
    for image, truth in moments:
        alpha = _reduced(find(image), width)
        truth = _reduced(truth, width)
        found, true = (each.astype(np.float32) / 255 for each in (alpha, truth))
        error = found - true
        flicker = np.nan if before is None else float(np.abs(error - before).mean())
        near = _grown(truth > 0, 40 * truth.shape[1] / _REFERENCE)
        rows.append([
            float(np.abs(error).mean()),
            _boundary(found > 0.5, true > 0.5, 3 * truth.shape[1] / _REFERENCE) / 1e3,
            _mean(found, truth == 0),
            _mean(found, ~near),
            _mean(1 - found, truth == 255),
            flicker,
        ])  # fmt: skip
        before = error
    return Scores(*(float(one) for one in 1e3 * np.nanmean(rows, axis=0)))


def _reduced(alpha: Alpha, width: int | None) -> Alpha:
    if width is None or alpha.shape[1] <= width:
        return alpha
    size = (width, round(alpha.shape[0] * width / alpha.shape[1]))
    return np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.uint8)


def mean_of(scores: Iterable[Scores]) -> Scores:
    """Their mean."""
    rows = [[getattr(one, name) for name in NAMES] for one in scores]
    return Scores(*(float(value) for value in np.nanmean(rows, axis=0)))


def losses(full: Scores, rest: Scores) -> list[float]:
    """By how many per cent each score of `rest` is worse than that of `full`, below 0: better.

    What is next to nothing (`far`) is compared with a tenth per mille.
    """
    pairs = [(getattr(full, name), getattr(rest, name)) for name in NAMES]
    signs = [-1 if name == "edge" else 1 for name in NAMES]
    return [
        100 * sign * (without - having) / max(having, _LEAST)
        for sign, (having, without) in zip(signs, pairs, strict=True)
    ]


def _mean(values: _Floats, where: _Bools) -> float:
    return float(values[where].mean()) if where.any() else float("nan")


def _boundary(found: _Bools, true: _Bools, within: float) -> float:
    if not true.any():
        return float("nan")
    one, other = _outline(found), _outline(true)
    if not one.any():
        return 0.0
    precision = one[_grown(other, within)].sum() / one.sum()
    recall = other[_grown(one, within)].sum() / other.sum()
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def _outline(shape: _Bools) -> _Bools:
    """The innermost pixels of a shape; the picture's own edge is none."""
    kernel = np.ones((3, 3), np.uint8)
    inner = cv2.erode(shape.view(np.uint8), kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(shape & (inner == 0))


def _grown(shape: _Bools, pixels: float) -> _Bools:
    """All that lies no farther from `shape`."""
    distance = cv2.distanceTransform((~shape).view(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance <= max(pixels, 1.0)) if shape.any() else shape
