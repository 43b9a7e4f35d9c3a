from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices import v4l2
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.v4l2 import Device, Format


def test_capabilities_are_those_of_the_node_not_of_the_whole_device(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {1: FakeNode(flags=0x00800000)})
    with Device(str(tmp_path / "dev/video1"), kernel.host) as device:
        answer = device.capabilities()
    assert (answer.driver, answer.card, answer.bus) == ("uvcvideo", "Webcam", "usb-1")
    assert not answer.can_capture
    assert not answer.can_output


def test_discrete_modes_are_listed_with_their_rates(tmp_path: Path) -> None:
    node = FakeNode(sizes={"YUYV": [(640, 480)], "MJPG": [(1280, 720), (640, 480)]}, rates=[5, 30])
    kernel = FakeKernel(tmp_path, {0: node})
    with Device(str(tmp_path / "dev/video0"), kernel.host) as device:
        modes = device.modes()
    assert modes == (
        CaptureMode("YUYV", 640, 480, (30.0, 5.0)),
        CaptureMode("MJPG", 1280, 720, (30.0, 5.0)),
        CaptureMode("MJPG", 640, 480, (30.0, 5.0)),
    )


def test_a_range_of_sizes_is_one_mode(tmp_path: Path) -> None:
    node = FakeNode(sizes={"NV12": [(32, 1920, 16, 32, 1080, 8)]})
    kernel = FakeKernel(tmp_path, {0: node})
    with Device(str(tmp_path / "dev/video0"), kernel.host) as device:
        (mode,) = device.modes()
    assert (mode.smallest, mode.width, mode.height, mode.step) == ((32, 32), 1920, 1080, (16, 8))
    assert mode.nearest(1280, 720) == (1280, 720)
    assert mode.nearest(650, 9999) == (640, 1080)


def test_a_driver_that_tells_no_sizes_has_no_modes(tmp_path: Path) -> None:
    node = FakeNode(sizes={"YUYV": [(640, 480)]}, refusals={v4l2.ENUM_FRAMESIZES: errno.EIO})
    kernel = FakeKernel(tmp_path, {0: node})
    with Device(str(tmp_path / "dev/video0"), kernel.host) as device:
        assert device.modes() == ()


def test_the_format_that_was_granted_is_returned(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {10: FakeLoopback()})
    with Device(str(tmp_path / "dev/video10"), kernel.host) as device:
        granted = device.set_output_format("YU12", 640, 360)
    assert granted == Format("YU12", 640, 360, 640 * 360 * 3 // 2)


def test_an_interrupted_call_is_made_again(tmp_path: Path) -> None:
    node = FakeNode()
    kernel = FakeKernel(tmp_path, {0: node})
    node.refusals[v4l2.REQBUFS] = errno.EINTR

    class Once(dict[int | str, int]):
        def __getitem__(self, key: int | str) -> int:
            return self.pop(key)

    node.refusals = Once(node.refusals)
    with Device(str(tmp_path / "dev/video0"), kernel.host) as device:
        device.release_buffers()
    assert node.calls == [v4l2.REQBUFS, v4l2.REQBUFS]


def test_the_node_is_closed_when_a_call_fails(tmp_path: Path) -> None:
    node = FakeNode(refusals={v4l2.QUERYCAP: errno.ENODEV})
    kernel = FakeKernel(tmp_path, {0: node})
    with (
        pytest.raises(OSError, match="No such device"),
        Device(str(tmp_path / "dev/video0"), kernel.host) as device,
    ):
        device.capabilities()
    assert node.opened == 0
    assert kernel.descriptors == {}


def test_the_driver_tells_whether_a_program_streams(tmp_path: Path) -> None:
    node = FakeLoopback(streaming=True)
    kernel = FakeKernel(tmp_path, {10: node})
    with Device(str(tmp_path / "dev/video10"), kernel.host) as device:
        device.subscribe_usage()
        assert device.usage() is True
        assert device.usage() is None
        node.stream(False)
        assert device.usage() is False
        device.subscribe_usage()
        assert device.usage() is False


def test_an_old_driver_refuses_to_tell_whether_a_program_streams(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {10: FakeLoopback(new=False)})
    with (
        Device(str(tmp_path / "dev/video10"), kernel.host) as device,
        pytest.raises(OSError, match="Invalid argument"),
    ):
        device.subscribe_usage()
