"""A feed for tests, and looks to show."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from vcam.errors import ServiceError
from vcam.images.types import I420, Image
from vcam.realtime.tap import Look
from vcam.service.preview_frames import PreviewFrame

W, H = 64, 36
BLUE: Image = np.full((H, W, 3), (200, 40, 40), np.uint8)
ROOM: Image = np.full((H, W, 3), (40, 40, 220), np.uint8)


def look(number: int = 1) -> Look:
    """A person (red) in the right half before blue; the raw mask is larger than the alpha."""
    alpha = np.zeros((H, W), np.uint8)
    alpha[:, W // 2 :] = 255
    seen = BLUE.copy()
    seen[alpha > 0] = ROOM[0, 0]
    return Look(
        number,
        1.0,
        seen=I420.from_bgr(seen),
        room=ROOM,
        alpha=alpha,
        mask=np.full((9, 16), 255, np.uint8),
        behind=I420.from_bgr(BLUE),
    )


class FakeFeed:
    """Implements `Feed`: shows what it is told to, and writes down what is asked of it."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"state": "live", "label": "live", "background": "color"}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuses: ServiceError | None = None
        self.parts: Collection[str] = ()
        self.closed = False

    def look(self, parts: Collection[str], after: int) -> PreviewFrame:
        self.parts = parts
        if self.refuses is not None:
            raise self.refuses
        return PreviewFrame(look(after + 1), self.state)

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        if self.refuses is not None:
            raise self.refuses
        self.asked.append((command, arguments))
        if command in ("pause", "resume"):
            self.state = {**self.state, "state": {"pause": "paused"}.get(command, "live")}
        return self.state

    def close(self) -> None:
        self.closed = True
