"""Saving what a preview shows."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import cv2
import platformdirs

from vcam.errors import SinkError
from vcam.images.types import Image


def save_snapshot(picture: Image, folder: Path | None = None) -> Path:
    """Write `picture`, uint8 (h, w, 3) BGR, as a new PNG that only its owner may read.

    Args:
        picture: What is saved.
        folder: The folder; None for the user's pictures folder, or the current one if there is
            none.

    Returns:
        The file; nothing is ever overwritten.

    Raises:
        SinkError: It cannot be written.
    """
    folder = folder or _pictures()
    content = cv2.imencode(".png", picture)[1].tobytes()
    name = f"vcam-{datetime.now():%Y-%m-%d-%H%M%S}"
    try:
        for number in range(1, 1000):
            path = folder / (f"{name}-{number}.png" if number > 1 else f"{name}.png")
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            return path
    except OSError as error:
        raise SinkError(f"the snapshot cannot be written to {folder} ({error.strerror})") from None
    raise SinkError(f"{folder} holds too many snapshots of this second")


def _pictures() -> Path:
    pictures = Path(platformdirs.user_pictures_path())
    return pictures if pictures.is_dir() else Path.cwd()
