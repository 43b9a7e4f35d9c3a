"""Scratch arrays that are reused for every frame."""

from __future__ import annotations

import math
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

_Number = TypeVar("_Number", np.float32, np.uint16)


class Memory(Generic[_Number]):
    """Uninitialised arrays by name, of any requested shape.

    Allocating fresh pages costs more than the arithmetic on them.

    Args:
        dtype: The type of all its arrays.
    """

    def __init__(self, dtype: type[_Number]) -> None:
        self._dtype: type[_Number] = dtype
        self._flat: dict[str, npt.NDArray[_Number]] = {}

    def take(self, name: str, *shape: int) -> npt.NDArray[_Number]:
        """An array of that shape."""
        size = math.prod(shape)
        flat = self._flat.get(name)
        if flat is None or flat.size < size:
            flat = self._flat[name] = np.empty(size, self._dtype)
        return flat[:size].reshape(shape)
