"""Small videos for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from vcam.images.types import Image


def write_clip(path: Path, images: Sequence[Image], fps: float = 25.0) -> Path:
    """Write `images` to `path` (.avi, motion JPEG)."""
    height, width = images[0].shape[:2]
    fourcc = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), fourcc, fps, (width, height))
    for image in images:
        writer.write(image)
    writer.release()
    return path


def flat(level: int, width: int = 64, height: int = 36) -> Image:
    """A grey picture."""
    return np.full((height, width, 3), level, np.uint8)
