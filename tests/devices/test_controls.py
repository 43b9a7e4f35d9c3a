from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.harness import Vcam, config, wait_for
from tests.devices.test_vivid import FPS, VIVID
from vcam.config.edit import set_values
from vcam.devices.controls import Control, list_controls
from vcam.devices.v4l2 import Device

pytestmark = pytest.mark.device


@pytest.fixture
def vivid() -> str:
    device = v4l2.nodes().get(VIVID)
    if device is None:
        pytest.skip("no vivid camera (modprobe vivid)")
    return device


def now(device: str) -> dict[str, Control]:
    with Device(device) as opened:
        return {control.name: control for control in list_controls(opened)}


def values(device: str, *names: str) -> dict[str, int | None]:
    controls = now(device)
    return {name: controls[name].value for name in names}


def test_controls_follow_the_file_and_are_put_back(vivid: str, tmp_path: Path) -> None:
    before = now(vivid)
    assert before["brightness"].maximum == 255
    assert before["menu"].menu
    entry = before["menu"].menu[-1]
    camera: dict[str, object] = {
        "type": "device",
        "device": vivid,
        "controls": {"brightness": 77, "menu": entry[1], "boolean": False},
        "restore_controls": True,
    }
    wanted = config(camera, 640, 360, FPS)
    wanted["output"]["on_demand"] = False
    with Vcam(tmp_path, wanted) as vcam:
        vcam.wait_until_writing()
        wanted_now: dict[str, int | None] = {"brightness": 77, "menu": entry[0], "boolean": 0}
        wait_for(lambda: values(vivid, *wanted_now) == wanted_now, "all three are set")
        file = next(tmp_path.glob("*.yaml"))
        set_values(file, {"camera.controls.brightness": 200})
        wait_for(lambda: now(vivid)["brightness"].value == 200, "the brightness follows the file")
        set_values(file, {"camera.controls.brightness": 256})
        wait_for(lambda: "set it to 0 to 255" in vcam.log.read_text(), "it is refused")
        assert now(vivid)["brightness"].value == 200
    put_back = ("brightness", "menu")
    assert values(vivid, *put_back) == {name: before[name].value for name in put_back}
