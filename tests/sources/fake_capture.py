"""A webcam's node, and the capture that OpenCV makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeNode
from tests.sources.test_formats import WEBCAM
from vcam.devices.control_settings import Value
from vcam.errors import SourceError
from vcam.sources.camera import CameraSource


class FakeCapture:
    """`cv2.VideoCapture` of a camera that grants what it is asked, unless told otherwise."""

    opens = True
    gives: Iterable[np.ndarray | None] = ()
    grants: ClassVar[dict[int, float]] = {}
    refuses: ClassVar[tuple[int, ...]] = ()
    error: cv2.error | None = None
    asked: ClassVar[list[tuple[int, float]]] = []
    released = 0
    waits: ClassVar[list[float]] = []

    def __init__(self, name: str, backend: int) -> None:
        self.values: dict[int, float] = {}
        self.frames = iter(type(self).gives)
        self.frame: np.ndarray | None = None
        type(self).asked = []

    def isOpened(self) -> bool:  # noqa: N802
        return self.opens

    def set(self, prop: int, value: float) -> bool:
        self.asked.append((prop, value))
        if prop in self.refuses:
            return False
        self.values[prop] = value
        return True

    def get(self, prop: int) -> float:
        return self.grants.get(prop, self.values.get(prop, 0.0))

    def grab(self) -> bool:
        try:
            self.frame = next(self.frames)
        except StopIteration:
            return False
        return True

    def retrieve(self) -> tuple[bool, np.ndarray | None]:
        if self.error:
            raise self.error
        return True, self.frame

    def release(self) -> None:
        type(self).released += 1

    @classmethod
    def waitAny(cls, streams: Sequence[FakeCapture], timeout: int) -> tuple[bool, list[int]]:  # noqa: N802
        cls.waits.append(timeout / 1e9)
        return bool(cls.gives), []


class Setting:
    """A webcam's node and the capture OpenCV makes of it."""

    def __init__(self, folder: Path, capture: type[FakeCapture]) -> None:
        self.node, self.capture = FakeNode(), capture
        self.kernel = FakeKernel(folder, {0: self.node})
        self.path = folder / "dev/video0"
        self.camera = replace(WEBCAM, path=str(self.path))

    def open(
        self,
        width: int = 1280,
        height: int = 720,
        fps: float = 30,
        pixel_format: str = "auto",
        timeout: float = 5.0,
        controls: Callable[[], dict[str, Value]] = dict,
        restores: Callable[[], bool] = bool,
    ) -> CameraSource:
        return CameraSource(
            self.camera, width, height, fps, pixel_format, timeout, dark=0.05,
            host=self.kernel.host, controls=controls, restores=restores,
        )  # fmt: skip

    def refusal(self, pixel_format: str = "auto") -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.open(pixel_format=pixel_format)
        assert self.kernel.descriptors == {}
        return caught.value
