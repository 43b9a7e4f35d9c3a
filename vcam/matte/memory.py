"""Arrays that are used anew for each frame."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Levels: TypeAlias = npt.NDArray[np.uint16]


class Memory:
    """Memory by name, of whatever shape it is asked for, as it was left."""

    def __init__(self) -> None:
        self._floats: dict[str, Floats] = {}
        self._levels: dict[str, Levels] = {}

    def floats(self, name: str, *shape: int) -> Floats:
        """float32 of that shape."""
        size = math.prod(shape)
        flat = self._floats.get(name)
        if flat is None or flat.size < size:
            flat = self._floats[name] = np.empty(size, np.float32)
        return flat[:size].reshape(shape)

    def levels(self, name: str, *shape: int) -> Levels:
        """uint16 of that shape."""
        size = math.prod(shape)
        flat = self._levels.get(name)
        if flat is None or flat.size < size:
            flat = self._levels[name] = np.empty(size, np.uint16)
        return flat[:size].reshape(shape)
