"""A second program's view of OBS's virtual camera: the shared memory that OBS's filter reads.

Laid out as in OBS Studio's shared-memory-queue.c: a header with three offsets, each of a time
stamp with the frame in NV12 behind it; the newest is that of `read_idx`.
"""

from __future__ import annotations

import ctypes
import struct
import sys
import time
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from vcam.images.types import Image

_NAME = "OBSVirtualCamVideo"
_READ = 4
_HEADER = struct.Struct("<3I 3I I 2I 4x Q")
_READY = 2
_STAMP = 32
"""Bytes before each frame; the first eight are its time stamp in ns."""


@dataclass(frozen=True)
class Shot:
    """One frame as a viewer gets it: BGR, its number and the rate that is promised."""

    image: Image
    number: int
    fps: float


class Memory:
    """The shared memory; raises FileNotFoundError where nobody offers a camera."""

    _kernel: Any
    _handle: int
    _base: int

    def __init__(self) -> None:
        if sys.platform != "win32":
            raise FileNotFoundError(_NAME)
        self._kernel = kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenFileMappingW.restype = ctypes.c_void_p
        kernel.MapViewOfFile.restype = ctypes.c_void_p
        kernel.MapViewOfFile.argtypes = [ctypes.c_void_p, *[ctypes.c_ulong] * 3, ctypes.c_size_t]
        kernel.UnmapViewOfFile.argtypes = kernel.CloseHandle.argtypes = [ctypes.c_void_p]
        self._handle = kernel.OpenFileMappingW(_READ, False, _NAME)
        if not self._handle:
            raise FileNotFoundError(_NAME)
        self._base = kernel.MapViewOfFile(self._handle, _READ, 0, 0, 0)

    def look(self) -> Shot | None:
        """The newest frame; None where none was written yet."""
        head = _HEADER.unpack(ctypes.string_at(self._base, _HEADER.size))
        _, read, state, *offsets, _, width, height, interval = head
        if state != _READY:
            return None
        data = ctypes.string_at(self._base + offsets[read % 3] + _STAMP, width * height * 3 // 2)
        nv12 = np.frombuffer(data, np.uint8).reshape(height * 3 // 2, width)
        image: Image = np.asarray(cv2.cvtColor(nv12, cv2.COLOR_YUV2BGR_NV12), np.uint8)
        return Shot(image, read, 1e7 / interval)

    def close(self) -> None:
        """Let go of it."""
        self._kernel.UnmapViewOfFile(self._base)
        self._kernel.CloseHandle(self._handle)


def next_shot(memory: Memory, after: int, seconds: float = 60) -> Shot:
    """The first frame with another number than `after`."""
    end = time.monotonic() + seconds
    while (shot := memory.look()) is None or shot.number == after:
        assert time.monotonic() < end, f"no new frame within {seconds:g} s"
        time.sleep(0.005)
    return shot


def first_memory(seconds: float = 180) -> Memory:
    """Wait until somebody offers the camera."""
    end = time.monotonic() + seconds
    while True:
        try:
            return Memory()
        except FileNotFoundError:
            assert time.monotonic() < end, f"no camera within {seconds:g} s"
            time.sleep(0.005)
