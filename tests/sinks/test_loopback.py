from __future__ import annotations

import errno
import logging
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices import v4l2
from vcam.devices.v4l2 import Device
from vcam.errors import SinkError
from vcam.images.types import I420
from vcam.sinks.loopback import LoopbackWriter

PICTURE = np.full(32 * 16 * 3 // 2, 7, np.uint8)


class Machine:
    """One loopback node, and backends on it."""

    def __init__(self, folder: Path, node: FakeNode) -> None:
        self.node, self.path = node, folder / "dev/video10"
        self.kernel = FakeKernel(folder, {10: node})
        self.kept: set[int] = set()

    def open(
        self, width: int = 32, height: int = 16, fourcc: Literal["YU12", "YUYV"] = "YU12"
    ) -> LoopbackWriter:
        return LoopbackWriter(str(self.path), width, height, 25, fourcc, self.kernel.host)

    def refusal(self, width: int = 32, height: int = 16) -> SinkError:
        with pytest.raises(SinkError) as caught:
            self.open(width, height)
        assert self.kernel.descriptors.keys() == self.kept
        return caught.value


@pytest.mark.parametrize("new", [True, False])
def test_frames_reach_the_node_and_it_can_be_opened_again(tmp_path: Path, new: bool) -> None:
    node = FakeLoopback(new=new)
    machine = Machine(tmp_path, node)
    for _ in range(2):
        backend = machine.open()
        backend.send(PICTURE)
        backend.close()
    assert node.frames == [PICTURE.tobytes()] * 2
    assert node.calls.count(v4l2.S_PARM) == 2
    assert node.free


def test_packed_frames_reach_the_node_too(tmp_path: Path) -> None:
    node = FakeLoopback(new=True)
    backend = Machine(tmp_path, node).open(fourcc="YUYV")
    packed = np.full(32 * 16 * 2, 9, np.uint8)
    backend.send(packed)
    assert node.format == ("YUYV", 32, 16)
    assert node.frames == [packed.tobytes()]


@pytest.mark.parametrize("new", [True, False])
def test_a_reader_may_stay_while_the_writer_goes_and_comes_back(tmp_path: Path, new: bool) -> None:
    node = FakeLoopback(new=new)
    machine = Machine(tmp_path, node)
    first = machine.open()
    first.send(PICTURE)
    node.readers = 1
    first.close()
    second = machine.open()
    second.send(PICTURE)
    assert len(node.frames) == 2


def test_a_node_that_lost_its_output_is_mended(tmp_path: Path) -> None:
    node = FakeLoopback(new=False, free=False)
    backend = Machine(tmp_path, node).open()
    backend.send(PICTURE)
    assert node.frames == [PICTURE.tobytes()]


def test_a_writer_that_is_still_there_is_not_taken_for_a_lost_output(tmp_path: Path) -> None:
    node = FakeLoopback(new=False)
    machine = Machine(tmp_path, node)
    other = Device(str(machine.path), machine.kernel.host)
    other.set_output_format("YU12", 32, 16)
    other.write(PICTURE.data)
    machine.kept = set(machine.kernel.descriptors)

    def next_frame(seconds: float) -> None:
        other.write(PICTURE.data)

    object.__setattr__(machine.kernel.host, "sleep", next_frame)
    assert "another program writes" in machine.refusal().problem


def test_a_second_writer_is_refused_and_the_first_named(tmp_path: Path) -> None:
    node = FakeLoopback()
    machine = Machine(tmp_path, node)
    machine.open().send(PICTURE)
    machine.kept = set(machine.kernel.descriptors)
    machine.kernel.add_process(77, "obs", machine.path)
    assert "another program writes" in machine.refusal().problem
    assert "obs (process 77)" in machine.refusal().problem


def test_a_writer_that_came_between_is_noticed_at_the_next_frame(tmp_path: Path) -> None:
    machine = Machine(tmp_path, FakeLoopback())
    backend, other = machine.open(), machine.open()
    other.send(PICTURE)
    with pytest.raises(SinkError, match="another program writes"):
        backend.send(PICTURE)


@pytest.mark.parametrize("new", [True, False])
def test_a_size_that_a_reader_holds_is_named(tmp_path: Path, new: bool) -> None:
    node = FakeLoopback(new=new, active=True, format=("YU12", 640, 360), readers=1)
    machine = Machine(tmp_path, node)
    machine.kernel.add_process(99, "zoom", machine.path)
    error = machine.refusal()
    assert "held at 640x360 by a program (open in zoom (process 99))" in error.problem
    assert "output.width" in error.cure


@pytest.mark.parametrize("new", [True, False])
def test_a_format_that_is_kept_without_a_reader_names_the_control(
    tmp_path: Path, new: bool
) -> None:
    node = FakeLoopback(new=new, active=True, format=("YUYV", 32, 16), readers=1, kept=True)
    error = Machine(tmp_path, node).refusal()
    assert error.problem.endswith("is held at 32x16 YUYV")
    assert error.commands[0].endswith("keep_format=0")


def test_a_frame_that_is_taken_in_part_is_an_error(tmp_path: Path) -> None:
    backend = Machine(tmp_path, FakeLoopback(short=1)).open()
    with pytest.raises(SinkError, match="took 767 of 768 bytes"):
        backend.send(PICTURE)


def test_a_node_that_goes_away_while_sending_is_an_error(tmp_path: Path) -> None:
    backend = Machine(tmp_path, FakeLoopback(refusals={"write": errno.ENODEV})).open()
    with pytest.raises(SinkError, match="has gone"):
        backend.send(PICTURE)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "usermod -aG video"),
        (errno.EBUSY, "open too many times"),
        (errno.ENOENT, "has gone"),
        (errno.EIO, "cannot be opened"),
    ],
)
def test_a_node_that_cannot_be_opened_says_why(tmp_path: Path, number: int, said: str) -> None:
    assert said in str(Machine(tmp_path, FakeLoopback(refusals={"open": number})).refusal())


def test_a_real_camera_is_not_written_to(tmp_path: Path) -> None:
    assert "not a v4l2loopback node" in Machine(tmp_path, FakeNode()).refusal().problem


def test_a_driver_failure_while_setting_up_is_told(tmp_path: Path) -> None:
    node = FakeLoopback(refusals={v4l2.QUERYCAP: errno.ENODEV})
    assert "cannot be set up: No such device" in Machine(tmp_path, node).refusal().problem


def test_odd_sizes_are_refused(tmp_path: Path) -> None:
    assert "even" in Machine(tmp_path, FakeLoopback()).refusal(31, 16).cure


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("exclusive", [True, False])
def test_a_node_without_exclusive_caps_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, exclusive: bool, new: bool
) -> None:
    with caplog.at_level(logging.WARNING):
        Machine(tmp_path, FakeLoopback(new=new, exclusive=exclusive)).open()
    assert ("exclusive_caps" in caplog.text) is not exclusive


def test_the_planes_of_a_picture_are_sent_as_they_are(tmp_path: Path) -> None:
    node = FakeLoopback()
    picture = I420(32, 16)
    picture.y[:], picture.u[:], picture.v[:] = 1, 2, 3
    Machine(tmp_path, node).open().send(picture.data)
    assert node.frames == [b"\1" * 512 + b"\2" * 128 + b"\3" * 128]
