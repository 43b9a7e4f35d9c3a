"""A mode of a camera: a pixel format, a size, and the rates it offers with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True)
class CaptureMode:
    """One combination that a camera offers.

    Attributes:
        fourcc: The pixel format, four characters.
        width: Pixels; the largest where there is a range.
        height: Pixels; the largest where there is a range.
        rates: Frames per second, highest first; the two ends where there is a range; empty
            where the driver does not tell.
        smallest: The smallest size where every step between it and the largest is offered.
        step: The step of width and height in such a range.
    """

    fourcc: str
    width: int
    height: int
    rates: tuple[float, ...] = ()
    smallest: Size | None = None
    step: Size = (1, 1)

    def nearest(self, width: int, height: int) -> Size:
        """The size in this mode that is closest to the requested one."""
        if self.smallest is None:
            return self.width, self.height
        (low_w, low_h), (step_w, step_h) = self.smallest, self.step
        return (
            _snap(width, low_w, self.width, step_w),
            _snap(height, low_h, self.height, step_h),
        )


def _snap(value: int, low: int, high: int, step: int) -> int:
    inside = min(max(value, low), high)
    return low + (inside - low) // max(step, 1) * max(step, 1)
