from __future__ import annotations

import os
from pathlib import Path

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices.nodes import holders, list_nodes


def test_nodes_are_listed_by_number_and_without_opening_them(tmp_path: Path) -> None:
    nodes = {10: FakeLoopback(), 2: FakeNode("IR", part=1), 0: FakeNode()}
    kernel = FakeKernel(tmp_path, nodes)
    listed = list_nodes(kernel.host)
    assert [(node.number, node.is_loopback, node.part) for node in listed] == [
        (0, False, 0),
        (2, False, 1),
        (10, True, 0),
    ]
    assert all(node.calls == [] for node in nodes.values())


def test_a_machine_without_video_has_no_nodes(tmp_path: Path) -> None:
    assert list_nodes(FakeKernel(tmp_path, {}).host) == []


def test_the_size_a_loopback_is_held_at_is_read_from_sysfs(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {10: FakeLoopback(format=("YU12", 640, 360)), 11: FakeLoopback()})
    assert [node.held_size for node in list_nodes(kernel.host)] == [(640, 360), None]


def test_nodes_that_are_no_video_nodes_are_left_out(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {0: FakeNode()})
    for name in ("radio0", "vbi0", "v4l-subdev3", "v4l-touch0", "video-codec"):
        (kernel.sysfs / name).mkdir()
    assert [node.number for node in list_nodes(kernel.host)] == [0]


def test_processes_that_hold_a_node_are_named_but_not_this_one(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {0: FakeNode(), 1: FakeNode()})
    path = tmp_path / "dev/video0"
    kernel.add_process(4242, "zoom", path)
    kernel.add_process(4243, "obs", tmp_path / "dev/video1")
    kernel.add_process(os.getpid(), "python", path)
    assert [str(holder) for holder in holders(str(path), kernel.host)] == ["zoom (process 4242)"]
