from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.sinks.virtual_camera import VirtualCameraSink

linux = pytest.mark.skipif(sys.platform != "linux", reason="v4l2loopback")


def picture() -> I420:
    made = I420(32, 16)
    made.data[:] = np.arange(768) % 251
    return made


@linux
def test_a_frame_goes_to_the_node_without_pyvirtualcam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)
    node = FakeLoopback()
    kernel = FakeKernel(tmp_path, {10: node})
    sink = VirtualCameraSink("Virtual Camera", 32, 16, 29.97, kernel.host)
    path = str(tmp_path / "dev/video10")
    assert sink.path == path
    assert sink.description == f"Virtual Camera ({path}), 32x16 at 29.97 fps"
    sink.send(picture())
    sink.close()
    assert node.frames == [picture().data.tobytes()]
    assert kernel.descriptors == {}


@linux
def test_the_writers_own_error_is_raised_with_its_cure(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {10: FakeLoopback(refusals={"open": 13})})
    with pytest.raises(SinkError) as caught:
        VirtualCameraSink("Virtual Camera", 32, 16, 30, kernel.host)
    assert "usermod" in caught.value.cure


@linux
def test_a_frame_that_is_not_taken_raises(tmp_path: Path) -> None:
    node = FakeLoopback()
    sink = VirtualCameraSink("Virtual Camera", 32, 16, 30, FakeKernel(tmp_path, {10: node}).host)
    node.refusals["write"] = 19
    with pytest.raises(SinkError, match="has gone"):
        sink.send(picture())


def test_elsewhere_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vcam.sinks.virtual_camera.sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)
    with pytest.raises(SinkError, match="pip install --upgrade pyvirtualcam"):
        VirtualCameraSink("Virtual Camera", 32, 16, 30)


class Native:
    """What pyvirtualcam is on Windows and macOS, with or without OBS."""

    PixelFormat = SimpleNamespace(I420="I420")

    def __init__(self, works: bool) -> None:
        self.works, self.asked = works, list[object]()

    def Camera(self, *size: float, fmt: str, device: str | None) -> Any:  # noqa: N802
        self.asked = [*size, fmt, device]
        if not self.works:
            raise RuntimeError("'obs' backend: virtual camera not found\n")
        return SimpleNamespace(device="OBS Virtual Camera", close=lambda: None)


def on_a_mac(monkeypatch: pytest.MonkeyPatch, library: Native) -> None:
    monkeypatch.setattr("vcam.sinks.virtual_camera.sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(importlib, "import_module", lambda name: library)


def test_elsewhere_the_default_label_means_the_first_virtual_camera(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = Native(works=True)
    on_a_mac(monkeypatch, library)
    sink = VirtualCameraSink("Virtual Camera", 32, 16, 30)
    assert library.asked == [32, 16, 30, "I420", None]
    assert sink.description == "OBS Virtual Camera, 32x16 at 30 fps"


def test_elsewhere_a_missing_virtual_camera_is_answered_with_obs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_a_mac(monkeypatch, Native(works=False))
    with pytest.raises(SinkError) as caught:
        VirtualCameraSink("Desk", 32, 16, 30)
    assert "'Desk'" in caught.value.problem
    assert "install OBS Studio" in caught.value.cure
