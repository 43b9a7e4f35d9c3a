"""Drawn mattes of people, for tests."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Alpha

W, H = 320, 180


def nobody() -> Alpha:
    return np.zeros((H, W), np.uint8)


def person(x: float = 0.5, top: float = 0.4, shoulders: float = 70, alpha: Alpha | None = None
) -> Alpha:  # fmt: skip
    """Somebody whose body the frame's lower edge cuts off, drawn into `alpha`.

    Args:
        x: The middle, share of the width.
        top: The crown, share of the height.
        shoulders: Their width, pixels.
        alpha: What to draw into; a matte of nobody by default.
    """
    out = nobody() if alpha is None else alpha
    middle, crown, s = round(x * W), top * H, shoulders
    head = (middle, round(crown + 0.27 * s))
    cv2.ellipse(out, head, (round(0.19 * s), round(0.27 * s)), 0, 0, 360, 255, -1)
    chest = round(crown + 0.6 * s)
    cv2.rectangle(out, (middle - round(s / 2), chest), (middle + round(s / 2), H), 255, -1)
    cv2.rectangle(out, (middle - round(0.1 * s), head[1]), (middle + round(0.1 * s), H), 255, -1)
    return out


def with_arm(alpha: Alpha, x: float, swing: float, shoulders: float = 70) -> Alpha:
    """`alpha` with a raised arm beside the head, its hand at `swing` (-1..1) to and fro."""
    out = alpha.copy()
    s = shoulders
    elbow = (round(x * W + 0.75 * s), round(H * 0.4 + 0.8 * s))
    hand = (round(elbow[0] + 0.3 * swing * s), round(H * 0.4 - 0.1 * s))
    cv2.line(out, elbow, hand, 255, round(0.15 * s))
    cv2.line(out, elbow, (round(x * W + 0.4 * s), elbow[1]), 255, round(0.2 * s))
    return out
