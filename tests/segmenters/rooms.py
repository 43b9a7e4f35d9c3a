"""Small pictures of a room and of somebody in it, with a camera's noise, for the tests."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Image, Mask, Plane

WIDTH, HEIGHT = 256, 144
_rng = np.random.default_rng(5)


def _paint_room() -> Image:
    room = np.full((HEIGHT, WIDTH, 3), (170, 180, 185), np.uint8)
    for _ in range(60):
        x, y = int(_rng.integers(0, WIDTH)), int(_rng.integers(0, HEIGHT))
        w, h = (int(side) for side in _rng.integers(8, 40, 2))
        color = tuple(int(level) for level in _rng.integers(40, 200, 3))
        cv2.rectangle(room, (x, y), (x + w, y + h), color, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 0.8), np.uint8)


ROOM = _paint_room()


def outline(x: int = 128) -> Plane:
    """Where somebody sits whose middle is at `x`: uint8 (144, 256), 255 there."""
    plane = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(plane, (x, 50), (20, 26), 0, 0, 360, 255, cv2.FILLED)
    cv2.ellipse(plane, (x, 150), (50, 66), 0, 0, 360, 255, cv2.FILLED)
    return plane


def with_person(room: Image, x: int = 128) -> Image:
    """`room` with somebody in it."""
    image = room.copy()
    where = outline(x) > 0
    stripes = np.indices((HEIGHT, WIDTH)).sum(0) // 6 % 2
    image[where] = np.where(stripes[..., None] > 0, (30, 20, 220), (60, 40, 160))[where]
    return image


def with_box(image: Image, x: int, y: int, width: int, height: int) -> Image:
    """`image` with a green thing in it."""
    copy = image.copy()
    copy[y : y + height, x : x + width] = (20, 230, 20)
    return copy


def seen(image: Image, light: float | tuple[float, float, float] = 1.0, noise: float = 2) -> Image:
    """As a camera sees `image` in some light, with noise of its own in each frame."""
    lit = image * np.asarray(light, np.float32)
    return np.clip(lit + _rng.normal(0, noise, image.shape), 0, 255).astype(np.uint8)


def overlap(mask: Mask, truth: Plane) -> float:
    """Intersection over union."""
    found, there = mask > 0.5, truth > 127
    return float((found & there).sum() / max(1, (found | there).sum()))
