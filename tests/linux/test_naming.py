"""Cameras under the names that people find them by."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.devices.cameras import find_camera
from vcam.errors import SourceError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads sysfs")

Sizes = dict[str, Sequence[tuple[int, ...]]]

COLOUR: Sizes = {"MJPG": [(1280, 720)], "YUYV": [(640, 480)]}
GREY: Sizes = {"GREY": [(640, 360)]}
H264: Sizes = {"H264": [(1920, 1080)]}
DEPTH: Sizes = {"Z16 ": [(848, 480)]}
STEREO: Sizes = {"GREY": [(848, 480)], "UYVY": [(848, 480)], "Y8I ": [(848, 480)]}
INTEGRATED = {
    0: FakeNode("Integrated Camera: Integrated I", sizes=GREY),
    2: FakeNode("Integrated Camera: Integrated C", sizes=COLOUR),
}


def found(folder: Path, nodes: dict[int, FakeNode], wanted: str | int) -> int:
    return find_camera(wanted, "Virtual Camera", FakeKernel(folder, nodes).host).index


def refusal(folder: Path, nodes: dict[int, FakeNode], wanted: str | int) -> SourceError:
    with pytest.raises(SourceError) as caught:
        found(folder, nodes, wanted)
    return caught.value


@pytest.mark.parametrize(
    "wanted",
    [
        "Integrated Camera: Integrated C",
        "integrated camera:  integrated c",
        "Integrated C",
        "Integrated Camera",
        "Integrated Camera (V4L2)",
        "Integrated Camera: Integrated C (04f2:b6d9)",
        "Integrated Camera: Integrated C (usb-1)",
        "Integrated Camera: Integrated C (usb-1):",
        "Integrated Camera ({dev}/video2)",
        "ted c",
    ],
)
def test_a_camera_is_found_as_any_program_shows_it(wanted: str, tmp_path: Path) -> None:
    assert found(tmp_path, dict(INTEGRATED), wanted.format(dev=tmp_path / "dev")) == 2


def test_the_infrared_half_is_found_by_its_own_name(tmp_path: Path) -> None:
    assert found(tmp_path, dict(INTEGRATED), "Integrated Camera: Integrated I") == 0


def test_a_name_whose_second_half_says_more_is_the_same_camera(tmp_path: Path) -> None:
    nodes = {
        0: FakeNode("HP Wide Vision HD Camera: HP IR", sizes=GREY),
        2: FakeNode("HP Wide Vision HD Camera: HP Wi", sizes=COLOUR),
    }
    assert found(tmp_path, nodes, "wide vision") == 2


def test_a_brackets_are_part_of_a_name_first(tmp_path: Path) -> None:
    nodes = {
        0: FakeNode("UVC Camera", sizes=COLOUR),
        2: FakeNode("UVC Camera (046d:0825)", sizes=COLOUR, bus="usb-2"),
    }
    assert found(tmp_path, nodes, "UVC Camera (046d:0825)") == 2


@pytest.mark.parametrize("other", [GREY, H264, DEPTH, STEREO])
@pytest.mark.parametrize("first", [True, False])
def test_of_equal_names_the_node_in_colour_is_meant(
    other: Sizes, first: bool, tmp_path: Path
) -> None:
    nodes = {0: FakeNode("C920", sizes=COLOUR), 2: FakeNode("C920", sizes=other)}
    if not first:
        nodes = {0: nodes[2], 2: nodes[0]}
    for wanted in ("C920", "c92", "auto"):
        folder = tmp_path / wanted
        folder.mkdir()
        assert found(folder, nodes, wanted) == (0 if first else 2)


def test_two_streams_of_one_webcam_are_one_camera(tmp_path: Path) -> None:
    nodes = {n: FakeNode("4K Cam", sizes=COLOUR) for n in (0, 2)}
    assert found(tmp_path, nodes, "4K Cam") == 0


def test_the_inputs_of_a_capture_card_are_several(tmp_path: Path) -> None:
    card = {n: FakeNode("Card", sizes=COLOUR, bus="PCI:0000:03:00.0") for n in (0, 1)}
    assert "may mean" in refusal(tmp_path, dict(card), "Card").problem


def links(folder: Path, kind: str, *numbers: int) -> list[str]:
    made = []
    for number in numbers:
        link = folder / f"dev/v4l/{kind}/usb-{number}-video-index0"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../../video{number}")
        made.append(str(link))
    return made


@pytest.mark.parametrize(
    ("by_id", "by_path", "advised"),
    [
        ((0, 2), (0, 2), "by-id"),
        ((2,), (0, 2), "by-path"),  # without a serial number they fight for one link
        ((), (0, 2), "by-path"),
        ((2,), (2,), ""),
    ],
)
def test_equal_cameras_are_told_apart_by_paths_that_each_work(
    by_id: tuple[int, ...], by_path: tuple[int, ...], advised: str, tmp_path: Path
) -> None:
    nodes = {n: FakeNode("C920", sizes=COLOUR, bus=f"usb-{n}") for n in (0, 2)}
    kernel = FakeKernel(tmp_path, dict(nodes))
    links(tmp_path, "by-id", *by_id)
    links(tmp_path, "by-path", *by_path)
    with pytest.raises(SourceError) as caught:
        find_camera("C920", "", kernel.host)
    paths = caught.value.cure.partition(": ")[2].split(", ")
    assert [find_camera(path, "", kernel.host).index for path in paths] == [0, 2]
    assert all(f"/{advised}/" in path for path in paths) == bool(advised)


def test_equal_cameras_one_of_which_cannot_be_decoded_are_no_question(tmp_path: Path) -> None:
    nodes = {
        0: FakeNode("Cam", sizes=H264, bus="usb-1"),
        2: FakeNode("Cam", sizes=COLOUR, bus="usb-2"),
    }
    assert found(tmp_path, nodes, "Cam") == 2


def test_auto_takes_a_camera_that_may_be_opened(tmp_path: Path) -> None:
    forbidden = FakeNode("A", refusals={"open": errno.EACCES})
    assert found(tmp_path, {0: forbidden, 2: FakeNode("B", sizes=COLOUR)}, "auto") == 2


def test_a_virtual_camera_keeps_its_whole_label(tmp_path: Path) -> None:
    fed = FakeLoopback("Cam: Cam", exclusive=False)
    assert found(tmp_path, {4: fed}, "Cam: Cam") == 4


@pytest.mark.parametrize("sizes", [H264, {"HEVC": [(64, 64)]}, {"BA10": [(64, 64)]}])
def test_what_cannot_be_decoded_comes_last(sizes: Sizes, tmp_path: Path) -> None:
    nodes: dict[int, FakeNode] = {
        0: FakeNode("Coded", sizes=sizes),
        1: FakeNode("Infrared", sizes=GREY, bus="usb-2"),
        3: FakeLoopback("OBS", exclusive=False, sizes={"YU12": [(640, 360)]}),
    }
    assert found(tmp_path, dict(nodes), "auto") == 1
    del nodes[1]
    (tmp_path / "other").mkdir()
    assert found(tmp_path / "other", nodes, "auto") == 3
