"""The native library: C implementations, if they were built at the installation.

A frame costs a seventh less with it. Each function has a twin in NumPy and OpenCV, used if there
was no compiler.
"""

from __future__ import annotations

import ctypes
import functools
import logging
import sys
from ctypes import c_float, c_int, c_ssize_t, c_void_p
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Numbers = TypeVar("Numbers", bound=np.generic)

logger = logging.getLogger(__name__)

MISSING = (
    "vcam found no C compiler when it was installed; with one (gcc or clang) install it "
    "again, and each frame costs a seventh less"
)
"""The message if there is no library."""

_VERSION = 1
"""Version of the library's interface, as in native.h."""
_BYTES, _FLOATS, _SIZE = c_void_p, c_void_p, c_ssize_t
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "vcam_blend": (None, [_BYTES, _SIZE, _BYTES, _SIZE, _BYTES, _SIZE, _SIZE, _SIZE]),
    "vcam_edges_memory": (_SIZE, [_SIZE, _SIZE]),
    "vcam_edges_look_at": (None, [_BYTES, *[_SIZE] * 3, _FLOATS]),
    "vcam_edges_clean": (None, [_BYTES, *[_SIZE] * 3, _BYTES, *[_SIZE] * 3, c_float, _FLOATS]),
    "vcam_guided_memory": (_SIZE, [_SIZE, _SIZE]),
    "vcam_guided_look_at": (None, [_BYTES, *[_SIZE] * 4, c_float, _FLOATS]),
    "vcam_guided_fit": (None, [_BYTES, *[_SIZE] * 3, _FLOATS]),
    "vcam_guided_draw": (
        None,
        [_FLOATS, _SIZE, _SIZE, _BYTES, *[_SIZE] * 3, c_float, c_float, _FLOATS, _BYTES],
    ),
}
_NAMES = {"win32": "library.dll", "darwin": "library.dylib"}
_AVX2 = 11  # CV_CPU_AVX2, which cv2 does not name
_PATH = Path(__file__).with_name(_NAMES.get(sys.platform, "library.so"))


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library; None if there is none for this machine and this version of vcam.

    A release has a second library for processors with AVX2; a local compiler puts both into one if
    it can.
    """
    quicker = _PATH.with_stem(f"{_PATH.stem}-avx2")
    return (_load(quicker) if quicker.exists() and _has_avx2() else None) or _load(_PATH)


def _has_avx2() -> bool:
    try:
        import cv2
    except ImportError:  # said elsewhere
        return False
    return bool(cv2.checkHardwareSupport(_AVX2))


def _load(path: Path) -> ctypes.CDLL | None:
    try:
        found = ctypes.CDLL(str(path))
        found.vcam_native_version.restype = c_int
        version = found.vcam_native_version()
        if version != _VERSION:
            raise OSError(f"it is version {version} instead of {_VERSION}")
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        if path.exists():
            logger.warning("%s cannot be used (%s); install vcam again", path, error)
        return None
    return found


def in_rows(array: npt.NDArray[Numbers]) -> npt.NDArray[Numbers]:
    """`array`, or a copy if its rows are not contiguous.

    `[..., ::-1]`, which turns RGB into BGR, gives such an array.
    """
    return array if array[:1].flags.c_contiguous else array.copy()


def data(array: npt.NDArray[Any]) -> int:
    """The address of the data of an `in_rows` array, for the library.

    The array must be kept alive for as long as the address is used.
    """
    return int(array.__array_interface__["data"][0])  # a tenth of what its `ctypes` costs
