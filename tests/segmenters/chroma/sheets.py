"""Somebody before a lit, folded sheet, for the tests."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import Alpha, Image
from vcam.sources.scene.figure import Figure, Pose

WIDTH, HEIGHT = 640, 360
GREEN, BLUE = (70, 170, 45), (190, 90, 40)
"""Blue, green and red."""


def sheet(color: tuple[int, int, int] = GREEN, seed: int = 1) -> Image:
    """A sheet with folds, lit from one side, that fills the picture."""
    random = np.random.default_rng(seed)
    x = np.linspace(0, 1, WIDTH)[None]
    y = np.linspace(0, 1, HEIGHT)[:, None]
    shade = np.ones((HEIGHT, WIDTH))
    for _ in range(8):
        place, width, depth = random.uniform((0, 0.01, 0.1), (1, 0.05, 0.35))
        shade *= 1 - depth * np.exp(-(((x - place - 0.1 * y) / width) ** 2) / 2)
    shade *= 0.5 + np.exp(-((x - 0.3) ** 2 / 0.18 + (y - 0.3) ** 2 / 0.25) / 2)
    return np.clip(np.array(color) * shade[..., None], 0, 255).astype(np.uint8)


def room(seed: int = 3) -> Image:
    """A room of brown and grey things."""
    random = np.random.default_rng(seed)
    picture: Image = np.full((HEIGHT, WIDTH, 3), (120, 130, 140), np.uint8)
    for _ in range(50):
        left, top = (int(place) for place in random.uniform((0, 0), (WIDTH, HEIGHT)))
        gray, brown = random.uniform((40, 0), (200, 40))
        color = (gray - brown, gray, gray + brown)
        cv2.rectangle(picture, (left, top), (left + 60, top + 40), color, cv2.FILLED)
    return picture


def hung_in(picture: Image, cloth: Image, left: int, right: int) -> Image:
    """`picture` with the part of `cloth` between two columns."""
    hung = picture.copy()
    hung[20:, left:right] = cloth[20:, left:right]
    return hung


def before(picture: Image, x: float = 0) -> tuple[Image, Alpha]:
    """Somebody before `picture`, so many pixels beside its middle, and their true alpha."""
    image, alpha = picture.copy(), np.zeros((HEIGHT, WIDTH), np.uint8)
    Figure(WIDTH, HEIGHT).draw(image, alpha, Pose(x * 1280 / WIDTH, size=0.9))
    return image, alpha


def seen(image: Image, light: float = 1.0) -> Image:
    """As a camera of 4:2:0 with some noise gives it."""
    random = np.random.default_rng(7)
    noisy = np.clip(image * light + random.normal(0, 2, image.shape), 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
