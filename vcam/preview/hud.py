"""The text that the preview draws over its own copy of the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from vcam.images.text import letters_of, shade, wrapped, write
from vcam.images.types import Image

KEYS = (
    ("m", "original, mask, cut-out, background"),
    ("d  a", "next, previous background"),
    ("n", "next scene"),
    ("b", "with and without refinement"),
    ("r", "learn the room anew (mog2)"),
    ("p", "pause, go on"),
    ("s", "save a snapshot"),
    ("h", "show or hide the keys"),
    ("q", "quit"),
)


def placed(picture: Image, width: int, height: int) -> Image:
    """A new picture: `picture` as large as fits, undistorted, centred on black."""
    canvas = np.zeros((height, width, 3), np.uint8)
    scale = min(width / picture.shape[1], height / picture.shape[0])
    w, h = (max(round(side * scale), 1) for side in picture.shape[1::-1])
    x, y = (width - w) // 2, (height - h) // 2
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas[y : y + h, x : x + w] = cv2.resize(picture, (w, h), interpolation=how)
    return canvas


def letter_size(picture: Image) -> int:
    """The letters' size for a picture, pixels."""
    height, width = picture.shape[:2]
    return max(12, int(min(height // 24, width // 40)))


def draw_status(picture: Image, line: str, problem: str = "") -> None:
    """A band at the lower edge: one line of figures, and what is wrong above it."""
    size = letter_size(picture)
    lines = [*wrapped(problem, size, picture.shape[1] - size), line] if problem else [line]
    _band(picture, lines, picture.shape[0] - _height(lines, size))


def draw_message(picture: Image, message: str) -> None:
    """A band at the upper edge."""
    size = letter_size(picture)
    _band(picture, wrapped(message, size, picture.shape[1] - size), 0)


def draw_learning(picture: Image, progress: float) -> None:
    """The progress of learning, as a sentence and a bar.

    Args:
        picture: Changed.
        progress: 0..1.
    """
    size = letter_size(picture)
    text = learning_sentence(progress)
    height, width = picture.shape[:2]
    inner = min(max(letters_of(text, size).shape[1], width // 2), width - 2 * size)
    x, y = (width - inner) // 2, height // 2 - 2 * size
    shade(picture, x - size, y - size // 2, inner + 2 * size, 3 * size + size // 2)
    write(picture, text, x, y, size)
    top = y + round(1.7 * size)
    bar = picture[top : top + size // 2, x : x + inner]
    bar[:] = (90, 90, 90)
    bar[:, : round(inner * min(max(progress, 0.0), 1.0))] = (255, 255, 255)


def learning_sentence(progress: float) -> str:
    """What the user is to do meanwhile."""
    return f"Learning the background: step out of the picture, {100 * progress:.0f} %"


def draw_keys(picture: Image) -> None:
    """What each key does."""
    size = letter_size(picture)
    step, left = round(1.4 * size), 3 * size
    widest = max(letters_of(what, size).shape[1] for _, what in KEYS)
    height = step * len(KEYS) + size
    x, y = size, max((picture.shape[0] - height) // 2 - step, 0)
    shade(picture, x, y, left + widest + size, height)
    for place, (key, what) in enumerate(KEYS):
        write(picture, key, x + size // 2, y + size // 2 + place * step, size)
        write(picture, what, x + left, y + size // 2 + place * step, size)


def draw_captions(picture: Image, left: str, right: str) -> None:
    """A caption over each half."""
    size = letter_size(picture)
    for x, text in ((0, left), (picture.shape[1] // 2 + 1, right)):
        shade(picture, x, 0, letters_of(text, size).shape[1] + size, round(1.4 * size))
        write(picture, text, x + size // 2, 0, size)


def status_line(mode: str, state: Mapping[str, Any]) -> str:
    """Mode, state, rate and latency; unknown values are omitted."""
    parts = [mode, str(state.get("label") or state.get("state") or "starting")]
    if mode == "background" and state.get("background"):
        parts[0] += f": {state['background']}"
    if state.get("fps_out"):
        parts.append(f"{state['fps_out']:.0f} fps")
    if state.get("latency_ms") and state.get("state") == "live":
        parts.append(f"{state['latency_ms']:.0f} ms")
    return "   ".join(parts)


def problem_in(state: Mapping[str, Any]) -> str:
    """The worst problem; empty if there is none."""
    for key in ("error", "config_error", "background_problem"):
        if state.get(key):
            return str(state[key])
    return ""


def _band(picture: Image, lines: list[str], y: int) -> None:
    size = letter_size(picture)
    shade(picture, 0, y, picture.shape[1], _height(lines, size))
    for place, line in enumerate(lines):
        write(picture, line, size // 2, y + size // 6 + place * round(1.4 * size), size)


def _height(lines: list[str], size: int) -> int:
    return round(1.4 * size) * len(lines) + size // 3
