"""Rooms that do not exist, drawn by code and out of focus, as a lens would show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import I420

_Canvas: TypeAlias = npt.NDArray[np.float32]
"""float32 (h, w, 3): blue, green and red of linear light, 1 = white; lamps have more."""
_Bgr: TypeAlias = tuple[float, float, float]

_HEIGHT = 360
"""Pixels that are drawn; what is out of focus needs no more."""
_GAMMA = 2.2
_GRAIN = 0.6
"""Levels of noise, standard deviation: without it soft slopes show bands."""


def draw_room(name: str, width: int, height: int) -> I420:
    """The room of that name; the same at each call.

    Args:
        name: One of `ROOMS`.
        width: Of the output, pixels.
        height: Of the output, pixels.
    """
    across = max(2, round(_HEIGHT * width / height))
    random = np.random.default_rng(7)
    canvas: _Canvas = np.zeros((_HEIGHT, across, 3), np.float32)
    blur = ROOMS[name](canvas, random)
    seen = _out_of_focus(canvas, blur)
    levels = 255 * np.clip(seen, 0, 1) ** (1 / _GAMMA)
    enlarged = np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_CUBIC))
    grainy = enlarged + random.normal(0, _GRAIN, (height, width, 1))
    return I420.from_bgr(np.clip(np.rint(grainy), 0, 255).astype(np.uint8))


def _out_of_focus(canvas: _Canvas, share: float) -> _Canvas:
    """As by a lens: each point a disc of a radius of so much of the height."""
    radius = max(1, round(share * canvas.shape[0]))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2).astype(np.float32)
    blurred = cv2.filter2D(canvas, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.GaussianBlur(blurred, (0, 0), 1.2), np.float32)


# -- brushes -------------------------------------------------------------------------------------


def _light(red: float, green: float, blue: float, bright: float = 1) -> _Bgr:
    """A colour of 0..255, so bright, as linear light in OpenCV's order."""
    b, g, r = (float(bright * (level / 255) ** _GAMMA) for level in (blue, green, red))
    return b, g, r


def _slope(canvas: _Canvas, top: _Bgr, bottom: _Bgr) -> None:
    place = np.linspace(0, 1, canvas.shape[0], dtype=np.float32)[:, None, None]
    canvas[:] = np.array(top, np.float32) * (1 - place) + np.array(bottom, np.float32) * place


def _box(
    canvas: _Canvas, left: float, top: float, right: float, bottom: float, color: _Bgr
) -> None:
    """A rectangle, in shares of the picture."""
    height, width = canvas.shape[:2]
    canvas[
        round(top * height) : round(bottom * height), round(left * width) : round(right * width)
    ] = color


def _glow(canvas: _Canvas, x: float, y: float, reach: float, color: _Bgr) -> None:
    """Light that falls off round a point; x, y and reach in shares of the picture."""
    height, width = canvas.shape[:2]
    down = (np.arange(height, dtype=np.float32)[:, None] - y * height) / (reach * height)
    right = (np.arange(width, dtype=np.float32)[None] - x * width) / (reach * height)
    canvas += (1 / (1 + 4 * (down**2 + right**2)) ** 2)[..., None] * np.array(color, np.float32)


def _points(
    canvas: _Canvas,
    random: np.random.Generator,
    area: tuple[float, float, float, float],
    colors: Sequence[_Bgr],
    count: int,
    strength: float,
) -> None:
    """Lamps, far away: points as bright as `strength`, that become discs."""
    height, width = canvas.shape[:2]
    left, top, right, bottom = area
    for _ in range(count):
        x, y = random.uniform((left, top), (right, bottom))
        color = np.array(colors[int(random.integers(len(colors)))], np.float32)
        bright = np.float32(strength * random.uniform(0.4, 1))
        canvas[min(height - 1, int(y * height)), min(width - 1, int(x * width))] += color * bright


def _books(
    canvas: _Canvas,
    random: np.random.Generator,
    area: tuple[float, float, float, float],
    shelves: int,
    light: float,
) -> None:
    """Shelves full of books, darker towards the back of each."""
    left, top, right, bottom = area
    tall = (bottom - top) / shelves
    for shelf in range(shelves):
        floor = top + (shelf + 1) * tall
        _box(canvas, left, floor - tall, right, floor, _light(52, 40, 32, light))
        x = left + 0.005
        while x < right - 0.01:
            wide = random.uniform(0.008, 0.02)
            high = tall * random.uniform(0.55, 0.85)
            red, green, blue = _SPINES[int(random.integers(len(_SPINES)))]
            shade = light * random.uniform(0.5, 1.1)
            if random.random() > 0.08:
                color = _light(red, green, blue, shade)
                _box(canvas, x, floor - high, min(right, x + wide), floor - 0.01, color)
            x += wide + 0.001
        _box(canvas, left, floor - 0.012, right, floor, _light(120, 90, 64, light))


_SPINES = [
    (138, 58, 46), (52, 78, 96), (176, 148, 104), (62, 84, 66), (196, 184, 164), (92, 70, 96),
    (40, 52, 74), (160, 106, 62),
]  # fmt: skip


def _plant(canvas: _Canvas, random: np.random.Generator, x: float, y: float, size: float) -> None:
    """A pot of leaves that stands at a point, in shares of the picture."""
    height, width = canvas.shape[:2]
    top = y - 0.22 * size
    for _ in range(110):
        angle = random.uniform(-2.7, -0.45)
        far = random.uniform(0.0, 1) * size * 0.62 * height
        end = (round(x * width + far * np.cos(angle)), round(top * height + far * np.sin(angle)))
        green = random.uniform(0.5, 1.2)
        color = _light(70, 108, 62, green)
        cv2.ellipse(canvas, end, (15, 6), float(np.degrees(angle)), 0, 360, color, cv2.FILLED)
    wide = 0.045 * size
    _box(canvas, x - wide, top, x + wide, y, _light(188, 168, 150))


# -- rooms ---------------------------------------------------------------------------------------


def _studio(canvas: _Canvas, random: np.random.Generator) -> float:
    """Grey paper in soft light."""
    _slope(canvas, _light(92, 96, 102), _light(70, 73, 78))
    _glow(canvas, 0.5, 0.35, 0.9, _light(126, 130, 138))
    return 0.02


def _office(canvas: _Canvas, random: np.random.Generator) -> float:
    """A bright room with a window and shelves."""
    _slope(canvas, _light(214, 210, 202), _light(178, 172, 162))
    _box(canvas, 0.06, 0.08, 0.36, 0.74, _light(236, 240, 244))
    sky = canvas[round(0.11 * _HEIGHT) : round(0.71 * _HEIGHT)]
    part = sky[:, round(0.075 * canvas.shape[1]) : round(0.345 * canvas.shape[1])]
    _slope(part, _light(188, 214, 240), _light(226, 232, 228))
    for _ in range(14):
        x, tall = random.uniform((0.08, 0.05), (0.33, 0.22))
        tone = random.uniform(150, 200)
        _box(canvas, x, 0.71 - tall, min(0.345, x + 0.03), 0.71, _light(tone, tone + 6, tone + 14))
    for x in (0.205, 0.212):
        _box(canvas, x, 0.1, x + 0.006, 0.72, _light(236, 240, 244))
    _books(canvas, random, (0.68, 0.12, 0.95, 0.78), 3, 1.5)
    _plant(canvas, random, 0.56, 1.0, 0.75)
    _glow(canvas, 0.2, 0.4, 0.7, _light(96, 98, 100))
    return 0.032


def _library(canvas: _Canvas, random: np.random.Generator) -> float:
    """Books from wall to wall, and a lamp."""
    _slope(canvas, _light(60, 46, 38), _light(40, 31, 26))
    _books(canvas, random, (0.0, 0.02, 1.0, 0.98), 4, 1.1)
    _glow(canvas, 0.2, -0.05, 1.1, _light(128, 88, 48))
    _glow(canvas, 0.9, -0.1, 0.9, _light(92, 62, 36))
    return 0.034


def _evening(canvas: _Canvas, random: np.random.Generator) -> float:
    """A dark room above the lights of a city."""
    _slope(canvas, _light(30, 34, 52), _light(46, 38, 40))
    window = canvas[round(0.06 * _HEIGHT) : round(0.72 * _HEIGHT)]
    pane = window[:, round(0.05 * canvas.shape[1]) : round(0.7 * canvas.shape[1])]
    _slope(pane, _light(24, 32, 62), _light(74, 58, 78))
    colors = [
        _light(255, 196, 120),
        _light(255, 226, 180),
        _light(255, 140, 90),
        _light(150, 190, 255),
    ]
    _points(canvas, random, (0.06, 0.42, 0.69, 0.7), colors, 70, 75)
    _points(canvas, random, (0.06, 0.2, 0.69, 0.5), colors[:2], 12, 40)
    for x in (0.26, 0.48):
        _box(canvas, x, 0.06, x + 0.008, 0.72, _light(26, 25, 30))
    _glow(canvas, 0.87, 0.44, 0.6, _light(196, 122, 60))
    _box(canvas, 0.84, 0.34, 0.9, 0.5, _light(250, 204, 140))
    _box(canvas, 0.867, 0.5, 0.873, 1.0, _light(30, 26, 24))
    return 0.03


def _garden(canvas: _Canvas, random: np.random.Generator) -> float:
    """Leaves, with the sky between them."""
    _slope(canvas, _light(150, 186, 160), _light(48, 78, 50))
    height, width = canvas.shape[:2]
    for _ in range(420):
        x, y = random.uniform((0, 0), (width, height))
        shade = random.uniform(0.35, 1.3) * (1.15 - 0.6 * y / height)
        color = _light(86, random.uniform(120, 156), 70, shade)
        size = (round(random.uniform(10, 30)), round(random.uniform(6, 16)))
        turned = random.uniform(0, 180)
        cv2.ellipse(canvas, (round(x), round(y)), size, turned, 0, 360, color, cv2.FILLED)
    _points(canvas, random, (0, 0, 1, 0.5), [_light(255, 250, 220)], 60, 70)
    _glow(canvas, 0.75, 0.0, 0.7, _light(150, 150, 110))
    return 0.04


ROOMS: dict[str, Callable[[_Canvas, np.random.Generator], float]] = {
    "studio": _studio,
    "office": _office,
    "library": _library,
    "evening": _evening,
    "garden": _garden,
}
"""By name: what draws it, and gives how far out of focus it is."""
